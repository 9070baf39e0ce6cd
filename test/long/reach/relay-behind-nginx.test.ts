import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { dataDirectory, listener, relay, taleusJson } from '../../e2e/support/cli.ts'
import { findNginx, proxyFiles } from '../../support/machine/nginx.ts'
import { HAS_NAMESPACES, namespaceWithHosts } from '../../support/network/namespace.ts'

/** The name on the page. */
const NAME = 'relay.example.org'

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/relay.md'), 'utf8')

const nginx = HAS_NAMESPACES ? findNginx() : undefined

/** The one block of that language on the page that has these words. */
function onPage(language: string, words: string): string {
  const blocks = [...PAGE.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)]
  const found = blocks.filter(([, of, text = '']) => of === language && text.includes(words))
  const [, , block = ''] = found[0] ?? []
  if (found.length !== 1) throw new Error(`${found.length} blocks of ${language} with ${words}`)
  return block
}

/** The words of `taleus relay` behind a proxy, without the file of the token. */
function relayWords(): readonly string[] {
  const [command, name, ...words] = onPage('sh', '--announce')
    .replaceAll('\\\n', ' ')
    .trim()
    .split(/\s+/)
  expect([command, name]).toEqual(['taleus', 'relay'])
  return words.filter((word) => !['--token-file', 'relay.token'].includes(word))
}

test.skipIf(nginx === undefined)(
  'two who reach nothing but port 443 of a relay behind nginx, all as the page has it, start a tally',
  async () => {
    const [alice, bob, relays, files] = [
      await dataDirectory(),
      await dataDirectory(),
      await dataDirectory(),
      await dataDirectory(),
    ]
    const hosts = join(files, 'hosts')
    writeFileSync(hosts, `127.0.0.1 localhost ${NAME}\n`)
    const { through } = await namespaceWithHosts(hosts)
    const { configuration, certificate } = proxyFiles(files, NAME, ({ certificate, key }) =>
      onPage('nginx', NAME).replace(
        /# ssl_certificate, ssl_certificate_key .*\n/,
        `ssl_certificate ${certificate}; ssl_certificate_key ${key};\n`,
      ),
    )
    const [command = '', ...rest] = [...through, nginx ?? 'nginx', '-p', files, '-c', configuration]
    const proxy = spawn(command, rest, { stdio: 'inherit' })
    onTestFinished(() => void proxy.kill())
    const token = join(relays, 'relay.token')
    const there = await relay(relays, ['--token-file', token, ...relayWords()], { through })
    expect(there.addresses).toEqual([`/dns4/${NAME}/tcp/443/tls/ws`])

    const at = { through, env: { NODE_EXTRA_CA_CERTS: certificate } }
    const [way = ''] = there.addresses
    const running = await listener(
      alice,
      ['--listen', '/ip4/127.0.0.1/tcp/0', '--relay', way, '--relay-token-file', token],
      at,
    )
    await running.line(({ type, state }) => type === 'relay' && state === 'reserved')
    const announce = ['--announce', `${way}/p2p-circuit`]
    const { json } = await taleusJson(alice, ['token', 'create', ...announce], at)
    const made = await taleusJson(bob, ['bootstrap', String(json['link']), '--yes'], at)
    expect(made).toMatchObject({ code: 0, json: { route: 'relay', address: `${way}/p2p-circuit` } })
    expect(await running.stop()).toBe(0)
    expect(await there.stop()).toBe(0)
  },
)
