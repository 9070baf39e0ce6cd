import { dirname, posix } from 'node:path'

/** One import of a file of ours. */
export interface Import {
  /** Relative to the same folder as the files, e.g. `session/run/session-runner.ts`. */
  readonly from: string
  readonly to: string
  /** `import type`, or `export type … from`. */
  readonly isType: boolean
}

const STATEMENT =
  /^(?:import|export)\s+(?<type>type\s+)?(?:[\w*{][^'";]*?\sfrom\s+)?'(?<named>\.[^']*)'|import\('(?<loaded>\.[^']*)'\)/gm

/**
 * The relative imports of a source file. The linter sees to it that each is a plain string, written the short way.
 * @param from the file, with slashes, relative to the folder that the answers are relative to
 */
export function importsOf(from: string, source: string): Import[] {
  return [...source.matchAll(STATEMENT)].map(({ groups = {} }) => ({
    from,
    to: posix.join(dirname(from), groups['named'] ?? groups['loaded'] ?? ''),
    isType: groups['type'] !== undefined,
  }))
}
