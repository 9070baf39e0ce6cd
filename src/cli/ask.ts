import { createInterface } from 'node:readline/promises'
import { Failure } from './failure.ts'

export interface AskStreams {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
}

const YES = /^(?:y|yes)$/i
const NO = /^(?:n|no)?$/i

/**
 * Ask a yes-or-no question, on a terminal only. No answer is no.
 * @throws Failure `not_interactive` without a terminal, `interrupted` on ^C
 */
export async function askYesNo(question: string, streams: AskStreams): Promise<boolean> {
  const { input, output } = streams
  if (!input.isTTY || !output.isTTY) throw new Failure('not_interactive')
  const lines = createInterface({ input, output })
  try {
    // A closed terminal ends the question without an answer: readline alone would wait for ever.
    const gone = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
    const interrupted = new Promise<never>((_, reject) => {
      lines.once('SIGINT', () => reject(new Failure('interrupted')))
    })
    for (;;) {
      const answer = await Promise.race([lines.question(`${question} [y/N] `), gone, interrupted])
      if (YES.test(answer.trim())) return true
      if (NO.test(answer.trim())) return false
    }
  } finally {
    lines.close()
  }
}
