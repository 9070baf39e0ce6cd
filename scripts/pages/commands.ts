import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { code, markdownTable } from '../docs/markdown-table.ts'

const COMMANDS = join(import.meta.dirname, '..', '..', 'src', 'commands')

/** The table of commands: what each file in `src/commands` says of itself. */
export function generate(): string {
  const files = globSync('**/*.{ts,tsx}', { cwd: COMMANDS })
  const rows = files
    .map((file) => [nameOf(file), summaryOf(file)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, summary]) => [code(`taleus ${name}`), summary])
  return markdownTable(['command', 'does'], rows)
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
