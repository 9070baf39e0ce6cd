import { createInterface } from 'node:readline'
import { CommandFailure } from '../errors/errors.ts'
import { harmless } from '../text/harmless.ts'

export interface AskStreams {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

const YES = /^(?:y|yes)$/i
const NO = /^(?:n|no)?$/i

/**
 * Asks a yes-or-no question, on a terminal only. No answer is no.
 * @throws CommandFailure `not_interactive` without a terminal, `interrupted` on ^C
 */
export async function askYesNo(question: string, streams: AskStreams): Promise<boolean> {
  const { input, output } = streams
  if (input.isTTY !== true || output.isTTY !== true) throw new CommandFailure('not_interactive')
  const lines = createInterface({
    input,
    output,
    terminal: true,
    prompt: `${harmless(question)} [y/N] `,
  })
  let interrupted = false
  lines.once('SIGINT', () => {
    interrupted = true
    lines.close()
  })
  try {
    lines.prompt()
    // Not `question()`, which loses lines typed ahead and never answers once the terminal is gone.
    for await (const line of lines) {
      if (YES.test(line.trim())) return true
      if (NO.test(line.trim())) return false
      lines.prompt()
    }
  } finally {
    lines.close()
  }
  if (interrupted) throw new CommandFailure('interrupted')
  return false
}
