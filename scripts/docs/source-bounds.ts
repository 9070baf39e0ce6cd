import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { docsOf } from './source-docs.ts'

/** A named constant that bounds something. */
export interface Bound {
  readonly name: string
  readonly value: number
  /** Its comment in the source; empty if it has none. */
  readonly why: string
  /** Relative to `src`. */
  readonly file: string
}

/** `const MAX_THINGS = 3`, `const WAIT_MS = 2_000`, `const STEP_TIMEOUTS = 2`, `const MAX_BYTES = 4 * 1024`. */
const BOUND =
  /^(?:export )?const (?<name>MAX_\w+|\w+_MS|\w+_TIMEOUTS|BATCH|ATTEMPTS)(?:: number)? = (?<value>[\d_]+(?: \* [\d_]+)*)$/gm

/** A unit and no bound, whatever its name. */
const UNITS: ReadonlySet<string> = new Set(['MINUTE_MS'])

/** Finds every bound in the sources, by file and then as they stand in it, without those of the demo. */
export function sourceBounds(src: string): Bound[] {
  const files = globSync('**/*.ts', { cwd: src }).sort()
  return files
    .filter((file) => !file.startsWith('cli/demo/'))
    .flatMap((file) => boundsIn(file, readFileSync(join(src, file), 'utf8')))
}

export function boundsIn(file: string, source: string): Bound[] {
  const docs = docsOf(source)
  return [...source.matchAll(BOUND)].flatMap(({ groups }) => {
    const name = groups?.['name'] ?? ''
    if (UNITS.has(name)) return []
    const value = (groups?.['value'] ?? '')
      .split(' * ')
      .reduce((product, factor) => product * Number(factor.replaceAll('_', '')), 1)
    return [{ name, value, why: docs.get(name) ?? '', file }]
  })
}
