import { exitCodes } from '../../src/cli/failure/exit-code-help.ts'
import { code, markdownTable } from '../docs/markdown-table.ts'

/** The table of exit codes, with the error codes of `--json` that lead to each. */
export function generate(): string {
  const rows = exitCodes().map(({ exitCode, meaning, causes }) => [
    String(exitCode),
    meaning,
    causes.map((cause) => code(cause.code)).join(', '),
  ])
  return markdownTable(['code', 'meaning', '`error.code` under `--json`'], rows)
}
