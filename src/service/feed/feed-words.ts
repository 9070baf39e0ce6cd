import { reasonInWords } from './session-reasons.ts'
import { stateInWords } from './session-states.ts'
import { stopInWords } from './stop-reasons.ts'

/** Words for every code that the feed tells. */
export const FEED_WORDS = {
  state: stateInWords,
  reason: reasonInWords,
  stop: stopInWords,
} as const
