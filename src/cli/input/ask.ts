import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { CommandFailure } from '../errors/errors.ts'
import { writeScreen } from '../output/write-screen.ts'
import { harmless } from '../text/harmless.ts'
import { line } from '../text/screen-text.ts'

export interface AskStreams {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean }
}

/** A question that a person types an answer to. */
export interface Question<Answer> {
  readonly text: string
  /** Shown instead of the question when it is asked again. @default the question */
  readonly again?: string
  /** Keeps what is typed off the screen. */
  readonly isHidden?: boolean
  /** The answer in a line, `undefined` to ask again. */
  take(line: string): Answer | undefined
}

const YES = /^(?:y|yes)$/i
const NO = /^(?:n|no)?$/i

/** Whether there is a person to ask: a terminal at both ends. */
export function canAsk({ input, output }: AskStreams): boolean {
  return input.isTTY === true && output.isTTY === true
}

/**
 * Asks a yes-or-no question, on a terminal only. No answer is no.
 * @throws CommandFailure `not_interactive` without a terminal, `interrupted` on ^C
 */
export async function askYesNo(question: string, streams: AskStreams): Promise<boolean> {
  const take = (line: string): boolean | undefined => {
    if (YES.test(line.trim())) return true
    return NO.test(line.trim()) ? false : undefined
  }
  return (await askFor({ text: `${question} [y/N]`, take }, streams)) ?? false
}

/**
 * Asks until an answer will do, on a terminal only.
 * @returns undefined if the terminal was closed
 * @throws CommandFailure `not_interactive` without a terminal, `interrupted` on ^C; what `take` throws
 */
export async function askFor<Answer>(
  { text, again = text, isHidden = false, take }: Question<Answer>,
  streams: AskStreams,
): Promise<Answer | undefined> {
  const { input, output } = streams
  if (!canAsk(streams)) throw new CommandFailure('not_interactive')
  const shown = isHidden ? nowhere() : output
  const lines = createInterface({ input, output: shown, terminal: true })
  const prompt = (question: string): void => {
    // A hidden answer has a line of its own.
    if (isHidden) writeScreen(output, line(question))
    else lines.setPrompt(`${harmless(question)} `)
    lines.prompt()
  }
  let interrupted = false
  lines.once('SIGINT', () => {
    interrupted = true
    lines.close()
  })
  try {
    prompt(text)
    // Not `question()`, which loses lines typed ahead and never answers once the terminal is gone.
    for await (const typed of lines) {
      const answer = take(typed)
      if (answer !== undefined) return answer
      prompt(again)
    }
  } finally {
    lines.close()
  }
  if (!interrupted) return undefined
  // The shell's prompt, and what we say, begin a line of their own.
  if (!isHidden) writeScreen(output, line(''))
  throw new CommandFailure('interrupted')
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}
