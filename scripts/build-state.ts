import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** The file whose time is when the last build that came to its end began. */
export const BUILD_STAMP = join(root, 'node_modules', '.cache', 'taleus', 'built')

/** Everything that a build depends on. What is bundled changes with the packages, too. */
const SOURCES = ['src/**', 'build.ts', 'package.json', 'package-lock.json', 'tsconfig*.json']

/** True if nothing has changed since the last build. */
export function isBuilt(): boolean {
  if (!existsSync(join(root, 'dist')) || !existsSync(BUILD_STAMP)) return false
  const built = statSync(BUILD_STAMP).mtimeMs
  // Folders count too: their time tells of files removed.
  const sources = globSync(SOURCES, { cwd: root })
  return sources.every((source) => statSync(join(root, source)).mtimeMs < built)
}
