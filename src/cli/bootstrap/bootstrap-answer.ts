import { compact } from '../../protocol/base/compact.ts'
import type { RedeemResult } from '../../service/redeeming/redeem-result.ts'
import { CommandFailure } from '../errors/errors.ts'
import { line, type ScreenText, stacked } from '../text/screen-text.ts'
import type { WordsTold } from '../words/words-after.ts'
import {
  completedDocument,
  completedText,
  hadDocument,
  hadText,
  lookedDocument,
  type Route,
} from './bootstrap-document.ts'
import { offerText } from './offer-text.ts'
import { failureOf } from './result-failure.ts'

/** The answer, for people and for scripts. */
export interface BootstrapAnswer {
  readonly text: ScreenText
  readonly document: object
}

type Completed = Extract<RedeemResult, { readonly kind: 'completed' }>

/**
 * The answer when there is a tally.
 * @param tell what people read is told all the same if the words were to be compared and are not
 * @throws CommandFailure `words_differ`, `no_words`, `interrupted`, with the tally
 */
export function completedAnswer(
  { outcome, since }: Completed,
  words: WordsTold,
  route: Route | undefined,
  tell: (text: ScreenText) => void,
): BootstrapAnswer {
  const text = completedText(outcome, words, since, route)
  const document = completedDocument(outcome, words, since, route)
  const { failure: cause } = words
  if (cause === undefined) return { text, document }
  tell(text)
  throw new CommandFailure(
    cause.code,
    compact({ detail: cause.detail, advice: cause.advice, document, cause }),
  )
}

/** @param columns of the stream for the text @throws CommandFailure if the result is no look */
export function answerOf(
  result: Exclude<RedeemResult, Completed>,
  columns: number,
): BootstrapAnswer {
  if (result.kind === 'had')
    return { text: hadText(result.tally), document: hadDocument(result.tally) }
  if (result.kind !== 'looked') throw failureOf(result)
  const { offer, disclosure, tally } = result
  const had = tally === undefined ? [] : [hadText(tally)]
  const shown = offerText(offer, disclosure, columns)
  const { missing } = disclosure
  const lacks = missing.length === 0 ? [] : [line(`Missing   ${missing.join(', ')}`)]
  const more = tally === undefined ? {} : hadDocument(tally)
  const document = { ...lookedDocument(offer, disclosure), ...more }
  return { text: stacked([shown, ...lacks, ...had]), document }
}
