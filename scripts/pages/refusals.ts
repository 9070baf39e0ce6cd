import { ERROR_CODES } from '../../src/cli/errors/error-codes.ts'
import { REFUSAL_CODES } from '../../src/protocol/message/messages.ts'
import { code, markdownTable } from '../docs/markdown-table.ts'

/** Makes the table of refusal codes: their meaning for the invitee, and the exit code of its command. */
export function generate(): string {
  const rows = REFUSAL_CODES.map((refusal) => {
    const { sentence, nextStep, exitCode } = ERROR_CODES[refusal]
    return [code(refusal), sentence, nextStep, String(exitCode)]
  })
  return markdownTable(['code', 'the invitee is told', 'and what to do', 'exit code'], rows)
}
