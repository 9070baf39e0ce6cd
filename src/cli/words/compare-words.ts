import { currentOperator } from '../../service/record/operator.ts'
import type { TallyRecord } from '../../service/tallies/read-tally.ts'
import { noteCompared } from '../../service/words/note-compared.ts'
import { isListedWord, WORDS_COUNT, wordsOf } from '../../service/words/tally-words.ts'
import type { Context } from '../context.ts'
import { CommandFailure, UsageError } from '../errors/errors.ts'
import { type AskStreams, askYesNo, canAsk } from '../input/ask.ts'
import { line, type ScreenText } from '../text/screen-text.ts'

/** A tally whose words were compared. */
export interface ComparedDocument {
  readonly tallyId: string
  readonly partner: string
  readonly words: readonly string[]
  readonly compared: true
}

export interface CompareOptions {
  /** The partner's words as they were typed; none: a person is asked. */
  readonly typed: readonly string[]
  readonly reason?: string | undefined
  /** Shows the words before the question. */
  show(text: ScreenText): void
}

const NAME_THEM = 'Name your partner’s words: taleus tally compare ID "clip orbit shrug velvet".'

/** Where a person is asked. */
const TERMINAL: AskStreams = { input: process.stdin, output: process.stderr }

/**
 * Compares the words of a tally with the partner's, and notes what was found.
 * @throws CommandFailure `words_differ`, `no_words`, `not_interactive`, `interrupted`; UsageError, StoreError
 */
export async function compareWords(
  context: Context,
  tally: TallyRecord,
  { typed, reason, show }: CompareOptions,
): Promise<ComparedDocument> {
  const words = wordsOf(tally, await context.peerId())
  if (words === undefined) throw new CommandFailure('no_words')
  const isSame = typed.length > 0 ? isTyped(typed, words) : await isSaid(words, show)
  await noteCompared(await context.store(), tally, isSame, currentOperator(reason))
  const { tallyId, partner } = tally
  const document = { tallyId, partner: partner.peerId, words }
  if (isSame) return { ...document, compared: true }
  throw new CommandFailure('words_differ', { document: { ...document, compared: false } })
}

/** However they were written down: capitals, commas and dots do not count. @throws UsageError */
function isTyped(typed: readonly string[], words: readonly string[]): boolean {
  const read = typed.flatMap((each) => each.toLowerCase().match(/[a-z]+/g) ?? [])
  if (read.length !== WORDS_COUNT) throw new UsageError(`the partner’s ${WORDS_COUNT} words`)
  // A slip of the hand is no alarm.
  const slip = read.find((word) => !isListedWord(word))
  if (slip !== undefined) throw new UsageError(`${slip} is in no list of such words: ask again`)
  return read.join(' ') === words.join(' ')
}

async function isSaid(
  words: readonly string[],
  show: (text: ScreenText) => void,
): Promise<boolean> {
  if (!canAsk(TERMINAL)) throw new CommandFailure('not_interactive', { advice: NAME_THEM })
  show(line(`Words   ${words.join(' ')}`))
  return await askYesNo('Does your partner’s screen show the same words?', TERMINAL)
}
