import { execFile, execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { copyPackages } from './own-copies.ts'

const ROOT = join(import.meta.dirname, '..', '..')

/** What the page tells a host to install. */
const PACKAGES = ['libp2p', '@types/node']

/** A host that brings all of its node itself installs these. */
const OWN_PACKAGES = ['libp2p', '@libp2p/tcp', '@chainsafe/libp2p-noise', '@chainsafe/libp2p-yamux']

/** A host's own strict settings, which are not ours. */
const TSCONFIG = {
  compilerOptions: {
    target: 'es2024',
    module: 'nodenext',
    strict: true,
    noPropertyAccessFromIndexSignature: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  },
  include: ['*.ts'],
}

export interface Finished {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A program of somebody else's: a directory with the page's code, and what it needs installed. */
export interface Host {
  compile(): Promise<Finished>
  /** @param program the quick start, or the one with hooks of one's own */
  run(program?: 'quick-start.ts' | 'own-hooks.ts' | 'own-node.ts'): Promise<Finished>
  remove(): void
}

/**
 * @param from `src`: our sources stand in for what is built from them, so that no build is needed.
 *   `dist`: a link to the checkout. A path: that of a packed tarball
 * @param copies `own`: the host's libp2p is another copy than ours. `other`: and says of itself to be of another
 *   version, so that its types are others, too; such a host makes all of its node itself
 */
export function createHost(from: 'src' | 'dist' | `/${string}`, copies?: 'own' | 'other'): Host {
  const directory = mkdtempSync(join(tmpdir(), 'taleus-host-'))
  if (copies !== undefined) copyPackages(ROOT, directory, OWN_PACKAGES, copies === 'other')
  for (const name of PACKAGES) link(directory, name, join(ROOT, 'node_modules', name))
  if (from === 'dist') link(directory, 'taleus', ROOT)
  else if (from === 'src') installSources(directory)
  else unpack(directory, from)
  write(join(directory, 'package.json'), { type: 'module' })
  const allow = from === 'src' ? SOURCES_ALLOWED : {}
  const compilerOptions = { ...TSCONFIG.compilerOptions, ...allow }
  write(join(directory, 'tsconfig.json'), { ...TSCONFIG, compilerOptions })
  const ownNode = exampleIn('docs/library.md').replace(RECOMMENDED, OWN_NODE)
  const tsc = join(ROOT, 'node_modules', '.bin', 'tsc')
  const host = {
    compile: () => execute(tsc, ['-p', 'tsconfig.json'], directory),
    run: (program = 'quick-start.ts') => execute(process.execPath, [program], directory),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
  if (copies !== undefined) writeFileSync(join(directory, 'own-node.ts'), OWN_IMPORTS + ownNode)
  if (copies === 'other') return host
  writeFileSync(join(directory, 'quick-start.ts'), exampleIn('docs/library.md'))
  writeFileSync(join(directory, 'durable.ts'), exampleIn('docs/library.md', 1) + NODE_ASSUMED)
  writeFileSync(join(directory, 'own-hooks.ts'), exampleIn('docs/library.md', 2))
  writeFileSync(join(directory, 'hook-module.ts'), exampleIn('docs/hooks.md'))
  writeFileSync(join(directory, 'readme.ts'), exampleIn('README.md') + README_ASSUMES)
  return host
}

/** Only what our own sources can't be read without. */
const SOURCES_ALLOWED = { allowImportingTsExtensions: true, jsx: 'react-jsx' }

const NODE_ASSUMED = `
declare const node: import('libp2p').Libp2p
`

const RECOMMENDED = /createLibp2p\(recommended\w+\(.*?\)\)$/m

/** In its place, all of the host's own. */
const OWN_NODE = `createLibp2p({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  connectionManager: { maxIncomingPendingConnections: 100, inboundConnectionThreshold: 100 },
})`
const OWN_IMPORTS = `import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { tcp } from '@libp2p/tcp'
`

/** What the README's few lines take for granted. */
const README_ASSUMES = `${NODE_ASSUMED}
declare const otherNode: import('libp2p').Libp2p
declare const invitee: SessionManager
`

/** A block of TypeScript on a page, the first one unless told otherwise. */
function exampleIn(page: string, index = 0): string {
  const text = readFileSync(join(ROOT, page), 'utf8')
  const block = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)][index]?.[1]
  if (block === undefined) throw new TypeError(`${page} has no such block of TypeScript`)
  return block
}

/** A package with the same exports as ours, each leading to the source instead of what is built from it. */
function installSources(directory: string): void {
  const manifest: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const exports: unknown = Reflect.get(Object(manifest), 'exports')
  const text = JSON.stringify(exports)
    .replaceAll('./dist/', './src/')
    .replaceAll(/(?:\.d\.ts|\.js)"/g, '.ts"')
  const at = join(directory, 'node_modules', 'taleus')
  mkdirSync(at, { recursive: true })
  write(join(at, 'package.json'), { name: 'taleus', type: 'module', exports: JSON.parse(text) })
  symlinkSync(join(ROOT, 'src'), join(at, 'src'))
}

/** Installs a tarball; what it needs is ours. */
function unpack(directory: string, tarball: string): void {
  const at = join(directory, 'node_modules', 'taleus')
  mkdirSync(at, { recursive: true })
  execFileSync('tar', ['-C', at, '--strip-components', '1', '-xzf', tarball])
  symlinkSync(join(ROOT, 'node_modules'), join(at, 'node_modules'))
}

function link(directory: string, name: string, target: string): void {
  const at = join(directory, 'node_modules', name)
  if (existsSync(at)) return
  mkdirSync(dirname(at), { recursive: true })
  symlinkSync(target, at)
}

function write(file: string, value: object): void {
  writeFileSync(file, JSON.stringify(value))
}

async function execute(program: string, args: string[], cwd: string): Promise<Finished> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { cwd, timeout: 25_000 })
    return { code: 0, stdout, stderr }
  } catch (error) {
    if (!(error instanceof Error && 'stdout' in error && 'stderr' in error)) throw error
    const code = 'code' in error && typeof error.code === 'number' ? error.code : 1
    return { code, stdout: String(error.stdout), stderr: String(error.stderr) }
  }
}
