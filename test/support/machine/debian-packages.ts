import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** How long a package may take to come, ms. */
const DOWNLOAD_MS = 120_000

/** Where packages are kept for the next run. */
const CACHE = join(import.meta.dirname, '../../../node_modules/.cache/taleus/debian')

/**
 * Programs of the distribution that this computer may not have, unpacked into a directory of their own with the libraries
 * that they name; nothing is installed.
 * @returns the paths of the programs, and the environment that they run in; undefined if the packages can't be had
 */
export function unpackedPrograms<Name extends string>(
  packages: readonly string[],
  programs: readonly Name[],
): { readonly paths: Readonly<Record<Name, string>>; readonly libraries: string } | undefined {
  const found = (): boolean => programs.every((name) => existsSync(join(CACHE, 'usr/sbin', name)))
  if (!found() && !unpack(packages)) return undefined
  if (!found()) return undefined
  const paths = Object.fromEntries(programs.map((name) => [name, join(CACHE, 'usr/sbin', name)]))
  const libraries = globSync(['usr/lib/*', 'lib/*'], { cwd: CACHE })
  return {
    paths: paths as Record<Name, string>,
    libraries: libraries.map((path) => join(CACHE, path)).join(':'),
  }
}

function unpack(packages: readonly string[]): boolean {
  mkdirSync(CACHE, { recursive: true })
  const options = { cwd: CACHE, timeout: DOWNLOAD_MS }
  const download = spawnSync('apt-get', ['download', ...packages], options)
  if (download.status !== 0) return false
  for (const file of globSync('*.deb', { cwd: CACHE }))
    execFileSync('dpkg', ['-x', file, '.'], options)
  return true
}
