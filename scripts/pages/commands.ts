import { commandSummaries } from '../docs/command-summaries.ts'
import { code, markdownTable } from '../docs/markdown-table.ts'

/** The table of all commands, a row each. */
export function generate(): string {
  const rows = commandSummaries().map(({ name, summary }) => [code(`taleus ${name}`), summary])
  return markdownTable(['command', 'does'], rows)
}
