import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** How long the package may take to come, ms. */
const DOWNLOAD_MS = 120_000

/** Where the package is kept for the next run. */
const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/taleus/nginx')

/** The nginx of this computer, or that of its distribution, unpacked into a directory of its own; undefined if there is none. */
export function findNginx(): string | undefined {
  if (runs('nginx')) return 'nginx'
  const path = join(CACHE, 'usr/sbin/nginx')
  if (runs(path)) return path
  mkdirSync(CACHE, { recursive: true })
  const options = { cwd: CACHE, timeout: DOWNLOAD_MS }
  const download = spawnSync('apt-get', ['download', 'nginx'], options)
  const [file] = readdirSync(CACHE).filter((name) => name.endsWith('.deb'))
  if (download.status !== 0 || file === undefined) return undefined
  execFileSync('dpkg', ['-x', file, '.'], options)
  return runs(path) ? path : undefined
}

function runs(nginx: string): boolean {
  return spawnSync(nginx, ['-v']).status === 0
}

export interface Proxy {
  /** The configuration that nginx is started with. */
  readonly configuration: string
  /** The certificate that those who connect must trust. */
  readonly certificate: string
}

/** The files of a server's certificate. */
export interface ServerCertificate {
  readonly certificate: string
  readonly key: string
}

/** A server of nginx that takes TLS for a name, and passes WebSockets on to a port on loopback. */
export function webSocketServer(name: string, port: number): (tls: ServerCertificate) => string {
  return ({ certificate, key }) => `server {
    listen 443 ssl;
    server_name ${name};
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
    location / {
      proxy_pass http://127.0.0.1:${port};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade";
      proxy_read_timeout 1h;
    }
  }`
}

/** Writes what nginx needs to take TLS for a name. @param server of its configuration */
export function proxyFiles(
  directory: string,
  name: string,
  server: (tls: ServerCertificate) => string,
): Proxy {
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')]
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`]
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key]
  const options = [...made, '-out', certificate, '-days', '2', ...subject]
  execFileSync('openssl', options, { stdio: 'ignore' })
  const configuration = join(directory, 'nginx.conf')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  writeFileSync(
    configuration,
    `daemon off;
master_process off;
user root;
pid ${directory}/nginx.pid;
error_log ${directory}/error.log;
events {}
http {
  access_log off;
  ${temporary.map((each) => `${each}_temp_path ${directory}/${each};`).join('\n  ')}
  ${server({ certificate, key })}
}
`,
  )
  return { configuration, certificate }
}
