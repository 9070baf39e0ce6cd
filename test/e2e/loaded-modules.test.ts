import { existsSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { dataDirectory, listener, relay, taleus } from './support/cli.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const PRELOADED = join(import.meta.dirname, 'support', 'loaded-modules.mjs')
const loadedSchema = z.object({
  files: z.array(z.string()),
  ofNode: z.array(z.string()),
  umask: z.number(),
})

const mapSchema = z.object({ sources: z.array(z.string()) })

/** Not needed by anybody who only waits for a peer. */
const OF_OTHER_COMMANDS = [
  '@automerge/automerge',
  '@libp2p/mplex',
  '@oclif/plugin-autocomplete',
  'conf',
  'ink',
  'pg',
  'pngjs',
  'prom-client',
  'qrcode',
  'qrcode-terminal',
  'react',
  'react-reconciler',
  'zxing-wasm',
]

/** Files that a relay has no use for. */
const OF_A_LISTENER =
  /src\/(?:session\/(?:manager|machine|run)|store\/(?:file|ledger|work)|tally)\//

/** What `fetch` and connections under TLS are made of. */
const OF_THE_WEB = ['https', 'tls', 'http2', 'internal/deps/undici/undici']

/** Needed only where others come by relays, or a link names one. */
const OF_RELAYS =
  /src\/network\/(?:relay\/(?:relay-client|kept-place|dial-circuit|ask-relay)|circuit)\b/

/** Needed only where older peers are met. */
const OF_OLDER_PEERS = /src\/(?:network|protocol)\/legacy\/|src\/network\/patch\/mplex\//

/** Needed only where there are hooks of the user's own, or a command for events. */
const OF_OWN_HOOKS = /src\/(?:hooks\/(?:own|command)|service\/notify\/(?!event-kinds))/

interface Loaded {
  /** Paths below the checkout, without those that the test has brought. */
  readonly files: readonly string[]
  /** The modules that are in these files, as their source maps tell, and the packages they are of. */
  readonly sources: readonly string[]
  readonly packages: readonly string[]
  /** Modules of Node. */
  readonly ofNode: readonly string[]
  readonly umask: number
}

/** In the path of a module, the name of its package. */
const PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)/

/** The modules that a file was made of. */
function sourcesOf(path: string): readonly string[] {
  if (!existsSync(`${path}.map`)) return []
  return mapSchema.parse(JSON.parse(readFileSync(`${path}.map`, 'utf8'))).sources
}

/** @param run runs the program to its end, with this environment */
async function loadedBy(run: (env: NodeJS.ProcessEnv) => Promise<unknown>): Promise<Loaded> {
  const list = join(await dataDirectory(), 'loaded.json')
  await run({ NODE_OPTIONS: `--import ${pathToFileURL(PRELOADED)}`, LOADED: list })
  const { files: urls, ...others } = loadedSchema.parse(JSON.parse(readFileSync(list, 'utf8')))
  const paths = urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url))
  const sources = paths.flatMap((path) => sourcesOf(path))
  return {
    files: paths.map((path) => path.replace(`${ROOT}${sep}`, '')),
    sources,
    packages: [...new Set(sources.flatMap((source) => PACKAGE.exec(source)?.[1] ?? []))].sort(),
    ...others,
  }
}

test('an idle listener is made of few files, and has not loaded what others are for', async () => {
  const directory = await dataDirectory()
  const { files, packages, sources, ofNode } = await loadedBy(async (env) =>
    (await listener(directory, undefined, { env })).stop(),
  )
  expect(files.filter((file) => !/^(?:bin|dist)[\\/]/.test(file))).toEqual([])
  expect(files.length).toBeLessThan(200)
  expect(packages).toContain('libp2p')
  expect(sources.filter((path) => OF_RELAYS.test(path))).toEqual([])
  expect(sources.filter((path) => OF_OWN_HOOKS.test(path))).toEqual([])
  expect(packages.filter((name) => OF_OTHER_COMMANDS.includes(name))).toEqual([])
  expect(ofNode).toContain('http')
  expect(ofNode.filter((name) => OF_THE_WEB.includes(name))).toEqual([])
})

test('only a listener that serves older peers has loaded what they speak', async () => {
  const directory = await dataDirectory()
  const loaded = async (args: readonly string[]) =>
    await loadedBy(async (env) =>
      (await listener(directory, ['--listen', '/ip4/127.0.0.1/tcp/0', ...args], { env })).stop(),
    )
  const off = await loaded([])
  expect(off.sources.filter((path) => OF_OLDER_PEERS.test(path))).toEqual([])
  const on = await loaded(['--legacy'])
  expect(on.packages).toContain('@libp2p/mplex')
  expect(on.sources.some((path) => OF_OLDER_PEERS.test(path))).toBe(true)
})

test('an idle relay has loaded neither sessions nor a store, nor what others are for', async () => {
  const directory = await dataDirectory()
  const { files, packages, sources, ofNode } = await loadedBy(async (env) =>
    (await relay(directory, ['--open'], { env })).stop(),
  )
  expect(files.filter((file) => !/^(?:bin|dist)[\\/]/.test(file))).toEqual([])
  expect(packages).toContain('libp2p')
  expect(packages.filter((name) => OF_OTHER_COMMANDS.includes(name))).toEqual([])
  expect(sources.filter((path) => OF_A_LISTENER.test(path))).toEqual([])
  expect(ofNode.filter((name) => OF_THE_WEB.includes(name))).toEqual([])
})

test('--version loads oclif alone, and files would be for their owner only', async () => {
  const directory = await dataDirectory()
  const { files, packages, umask } = await loadedBy((env) =>
    taleus(directory, ['--version'], { env }),
  )
  expect(files.filter((file) => !/^(?:bin|dist[\\/](?:chunks|cli))[\\/]/.test(file))).toEqual([])
  expect(packages).toContain('@oclif/core')
  expect(packages.filter((name) => /libp2p|zod|multiformats/.test(name))).toEqual([])
  expect(umask).toBe(0o077)
})
