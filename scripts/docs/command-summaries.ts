import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const COMMANDS = join(import.meta.dirname, '..', '..', 'src', 'commands')

/** A command as its file in `src/commands` tells of it. */
export interface CommandSummary {
  /** As it is typed behind `taleus`, e.g. `token create`. */
  readonly name: string
  readonly summary: string
}

/** All commands, by name. @throws TypeError if one has no summary */
export function commandSummaries(): CommandSummary[] {
  return globSync('**/*.{ts,tsx}', { cwd: COMMANDS })
    .map((file) => ({ name: nameOf(file), summary: summaryOf(file) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
}

function nameOf(file: string): string {
  return file
    .replace(/\.tsx?$/, '')
    .replace(/\/index$/, '')
    .replaceAll('/', ' ')
}

function summaryOf(file: string): string {
  const source = readFileSync(join(COMMANDS, file), 'utf8')
  const summary = /static override summary\s*=\s*(['"`])(.*?)\1/s.exec(source)?.[2]
  if (summary === undefined) throw new TypeError(`src/commands/${file} has no summary`)
  return summary
}
