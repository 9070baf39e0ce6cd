import { compact } from '../../protocol/base/compact.ts'
import type { TallyRecord } from '../../service/tallies/read-tally.ts'
import { storedTally } from '../../service/tallies/stored-tallies.ts'
import { wordsOf } from '../../service/words/tally-words.ts'
import type { Context } from '../context.ts'
import { CommandFailure } from '../errors/errors.ts'
import { type AskStreams, canAsk } from '../input/ask.ts'
import type { ScreenText } from '../text/screen-text.ts'

/** The words of a new tally as `bootstrap` tells them. */
export interface WordsTold {
  /** `null`: the inviter's version gives none, or this answer was given anew. */
  readonly words: readonly string[] | null
  readonly compared: boolean
  /** They were to be compared, and are not: there are none, they differ, or nobody has said. The tally is there all the same. */
  readonly failure?: CommandFailure
}

/** @throws CommandFailure `not_interactive` where nobody could say whether the words are the same */
export function mustHaveSomebodyToAsk(streams: AskStreams): void {
  if (canAsk(streams)) return
  throw new CommandFailure('not_interactive', {
    advice: 'Leave out --compare, and compare afterwards: `taleus tally compare`.',
  })
}

/**
 * Finds the words of a tally; asks a person whether the inviter's screen shows the same.
 * @param isAsked without it nobody is asked
 * @throws StoreError
 */
export async function wordsAfter(
  context: Context,
  tallyId: string,
  isAsked: boolean,
  show: (text: ScreenText) => void,
): Promise<WordsTold> {
  const store = await context.store()
  const tally = await storedTally(store, tallyId)
  if (tally === undefined) return { words: null, compared: false }
  const words = wordsOf(tally, await context.peerId()) ?? null
  if (isAsked && tally.comparedAt === undefined) {
    const failure = await failureToCompare(context, tally, show)
    return compact({ words, compared: failure === undefined, failure })
  }
  return { words, compared: tally.comparedAt !== undefined }
}

async function failureToCompare(
  context: Context,
  tally: TallyRecord,
  show: (text: ScreenText) => void,
): Promise<CommandFailure | undefined> {
  const { compareWords } = await import('./compare-words.ts')
  try {
    await compareWords(context, tally, { typed: [], show })
    return undefined
  } catch (error) {
    if (error instanceof CommandFailure) return error
    throw error
  }
}
