/**
 * Builds `dist` and the manifest of commands. Run by Node itself: `node build.ts`.
 * With `--if-needed` it does so only if a source is newer than the last build.
 *
 * The library is compiled file by file, the program is bundled: docs/decisions/0041-the-program-is-bundled.md
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { build as bundle, type Plugin } from 'rolldown'
import { bundlePages } from './scripts/build/bundle-pages.ts'
import { BUILD_STAMP, isBuilt } from './scripts/build-state.ts'

const root = import.meta.dirname
const dist = join(root, 'dist')
const manifest = join(root, 'oclif.manifest.json')

function run(tool: string, ...args: string[]): void {
  const { error, status } = spawnSync(join(root, 'node_modules', '.bin', tool), args, {
    cwd: root,
    stdio: 'inherit',
  })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

/** The files that are found by their names: by oclif, by `bin/run.js`, and to run as a thread. */
const ENTRIES = [
  'commands/**/*.{ts,tsx}',
  'cli/{command-not-found,help,oclif}.ts',
  'tally/guard/document-thread.ts',
]

/** Reads WebAssembly from a file of its own; is no module of today's JavaScript; is asked for by Ink's authors only. */
const UNBUNDLED = [/^zxing-wasm/, 'qrcode-terminal', 'react-devtools-core']

/**
 * Modules of Node that are loaded when something of them is used. To import `node:http` reads all of its members, one of
 * which brings `fetch` with all that is behind it: 12 MB in each process.
 */
const LATE = ['http', 'https', 'tls']

/** Puts an object in the place of each, which gets its members one by one. */
const lateModules: Plugin = {
  name: 'late-modules',
  resolveId: {
    filter: { id: new RegExp(`^(?:node:)?(?:${LATE.join('|')})$`) },
    handler: (id) => `\0late:${id.replace('node:', '')}`,
  },
  load: {
    filter: { id: /^\0late:/ },
    handler(id) {
      const name = id.replace('\0late:', '')
      const members = Object.keys(process.getBuiltinModule(name) ?? {}).map(
        (member) => `get ${member}() { return process.getBuiltinModule('${name}').${member} }`,
      )
      return `module.exports = { ${members.join(', ')} }`
    },
  },
}

/**
 * Small modules that nearly everything needs, and that need nothing. They go into one file: each would be one of its own, because others
 * need each of them.
 */
const BASICS =
  /\/src\/(?:protocol\/(?:base\/(?:compact|digest|own-member|relay-bound|same-hash|shell-word|without-stack)|(?:frame\/frame|message\/message|sync\/sync)-limits)|network\/base\/(?:limits|to-error)|session\/clock\/system-clock|session\/reaper\/reap-options|(?:audit|network|service|session|store|protocol)\/errors)\.ts$/

/** The folder of a package, of a file in it. */
const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/

/** Every command with what it needs of our code and of the packages below it, in few files. */
async function buildProgram(): Promise<void> {
  const entries = globSync(ENTRIES, { cwd: join(root, 'src') })
  const { output } = await bundle({
    cwd: root,
    input: Object.fromEntries(
      entries.map((entry) => [entry.slice(0, -extname(entry).length), join('src', entry)]),
    ),
    platform: 'node',
    external: UNBUNDLED,
    plugins: [lateModules],
    // React for people who write React costs several times as much.
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    output: {
      dir: dist,
      // Also what is never read of a file takes place in memory.
      comments: { jsdoc: false },
      codeSplitting: { groups: [{ name: 'basics', test: BASICS }] },
      sourcemap: true,
      sourcemapExcludeSources: true,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
    },
  })
  const modules = output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []))
  const inPages = await bundlePages(root, join(dist, 'web'))
  writeFileSync(join(dist, 'licenses.txt'), licencesOf([...modules, ...inPages]))
}

/** The text of a licence that a package names and does not carry. @throws Error for a licence that is not MIT */
function standardLicence(name: string, author: unknown, license: string): string {
  if (!license.includes('MIT')) throw new Error(`${name} does not carry its licence, ${license}`)
  const named =
    typeof author === 'object' && author !== null && 'name' in author ? author.name : author
  const text = readFileSync(join(root, 'LICENSE'), 'utf8')
  return text.replace(/^Copyright .*$/m, `Copyright (c) ${named ?? `the authors of ${name}`}`)
}

/** The licences of the packages that modules come from: they want to go with every copy. */
function licencesOf(modules: readonly string[]): string {
  const found = modules.flatMap((module) => PACKAGE.exec(module)?.[0] ?? [])
  return [...new Set(found)]
    .sort()
    .map((folder) => {
      const { name, version, license, author } = JSON.parse(
        readFileSync(join(folder, 'package.json'), 'utf8'),
      )
      const texts = globSync('{LICEN[CS]E,licen[cs]e}*', { cwd: folder }).map((file) =>
        readFileSync(join(folder, file), 'utf8'),
      )
      const own = texts.length > 0 ? texts : [standardLicence(name, author, license)]
      return [`${name} ${version} (${license})`, ...own].join('\n\n')
    })
    .join(`\n\n${'-'.repeat(72)}\n\n`)
}

async function build(): Promise<void> {
  const started = new Date()
  rmSync(dist, { recursive: true, force: true })
  rmSync(manifest, { force: true })
  run('tsc', '-p', 'tsconfig.build.json')
  await buildProgram()
  // Without a manifest every command's module is loaded only to find one of them.
  run('oclif', 'manifest')
  mkdirSync(dirname(BUILD_STAMP), { recursive: true })
  writeFileSync(BUILD_STAMP, '')
  utimesSync(BUILD_STAMP, started, started)
}

if (!(process.argv.includes('--if-needed') && isBuilt())) await build()
