import { isListedWord, WORDS_COUNT, wordsToCompare } from '../../protocol/words/words-to-compare.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import { receiptBody } from '../../session/trace/tally-receipt.ts'

export { isListedWord, WORDS_COUNT }

/**
 * Returns the words to compare of a tally, the same on both sides. Undefined as long as the other side's share is not here:
 * it comes with the last message, and never from a version that gives none.
 * @param localPeer this side's party id
 */
export function wordsOf(tally: TallyRecord, localPeer: string): readonly string[] | undefined {
  const { receipt } = tally
  if (receipt?.opening === undefined) return undefined
  return wordsToCompare(receiptBody(tally, receipt, localPeer), receipt.opening)
}
