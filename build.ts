/** Builds `dist` and the manifest of commands. Run by Node itself: `node build.ts`. */
import { spawnSync } from 'node:child_process'
import { globSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const root = import.meta.dirname

function run(tool: string, ...args: string[]): void {
  const { error, status } = spawnSync(join(root, 'node_modules', '.bin', tool), args, {
    cwd: root,
    stdio: 'inherit',
  })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

rmSync(join(root, 'dist'), { recursive: true, force: true })
rmSync(join(root, 'oclif.manifest.json'), { force: true })
run('tsc', '-p', 'tsconfig.build.json')
// Without a manifest every command's module is loaded only to find one of them.
if (globSync('dist/commands/**/*.js', { cwd: root }).length > 0) run('oclif', 'manifest')
