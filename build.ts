/**
 * Builds `dist` and the manifest of commands. Run by Node itself: `node build.ts`.
 * With `--if-needed` it does so only if a source is newer than the last build.
 */
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  globSync,
  mkdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

const root = import.meta.dirname
const dist = join(root, 'dist')
const manifest = join(root, 'oclif.manifest.json')
/** Its time is when the last build that came to its end began. */
const stamp = join(root, 'node_modules', '.cache', 'taleus', 'built')

function isCurrent(): boolean {
  if (!existsSync(dist) || !existsSync(stamp)) return false
  const built = statSync(stamp).mtimeMs
  // Folders count too: their time tells of files removed.
  const sources = globSync(['src/**', 'build.ts', 'package.json', 'tsconfig*.json'], { cwd: root })
  return sources.every((source) => statSync(join(root, source)).mtimeMs < built)
}

function run(tool: string, ...args: string[]): void {
  const { error, status } = spawnSync(join(root, 'node_modules', '.bin', tool), args, {
    cwd: root,
    stdio: 'inherit',
  })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

function build(): void {
  const started = new Date()
  rmSync(dist, { recursive: true, force: true })
  rmSync(manifest, { force: true })
  run('tsc', '-p', 'tsconfig.build.json')
  // Without a manifest every command's module is loaded only to find one of them.
  if (globSync('dist/commands/**/*.js', { cwd: root }).length > 0) run('oclif', 'manifest')
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, '')
  utimesSync(stamp, started, started)
}

if (!(process.argv.includes('--if-needed') && isCurrent())) build()
