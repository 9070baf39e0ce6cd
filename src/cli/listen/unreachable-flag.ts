import { parseDuration } from '../text/duration.ts'
import { MAX_TIMER_MS } from './reap-flags.ts'

const FLAG = '--exit-if-unreachable'

/** A switch of the environment. */
const ON = /^(?:1|true|yes|y|on)$/i
const OFF = /^(?:0|false|no|n|off|)$/i

/** How long a listener may be met nowhere, ms; 0: it is looked at the start only; undefined: for ever. @throws UsageError */
export function unreachableMsOf(text: string | undefined): number | undefined {
  if (text === undefined || OFF.test(text)) return undefined
  if (ON.test(text)) return 0
  return parseDuration(text, { min: 0, max: MAX_TIMER_MS, of: FLAG })
}
