import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { lines, type ScreenText } from '../text/screen-text.ts'
import { type ComparedDocument, type CompareOptions, compareWords } from '../words/compare-words.ts'
import { findTally } from './find-tally.ts'

export type { ComparedDocument }

/** Finds a tally, and compares its words. @throws CommandFailure `not_found`, `ambiguous_id`; what `compareWords` throws */
export async function compareTally(
  locations: Locations,
  id: string,
  options: CompareOptions,
): Promise<ComparedDocument> {
  return await withContext(locations, async (context) => {
    const tally = await findTally(await context.store(), id)
    return await compareWords(context, tally, options)
  })
}

export function comparedText({ words }: ComparedDocument): ScreenText {
  return lines([
    `The same on both sides: ${words.join(' ')}.`,
    'Nobody stands between you and your partner in this tally.',
  ])
}
