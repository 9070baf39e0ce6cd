import { parseDuration } from '../text/duration.ts'
import { MAX_TIMER_MS } from './reap-flags.ts'

const FLAG = '--exit-if-unreachable'

/** A switch of the environment. */
const ON = /^(?:1|true|yes|y|on)$/i
const OFF = /^(?:0|false|no|n|off|)$/i

/** Gives the flag the value that it has where nobody says one: at the start only. */
export function withDuration(words: readonly string[]): string[] {
  return words.flatMap((word, at) => {
    const next = words[at + 1]
    const isBare = word === FLAG && (next === undefined || !/^\d/.test(next))
    return isBare ? [word, '0s'] : [word]
  })
}

/** How long a listener may be met nowhere, ms; 0: it is looked at the start only; undefined: for ever. @throws UsageError */
export function unreachableMsOf(text: string | undefined): number | undefined {
  if (text === undefined || OFF.test(text)) return undefined
  if (ON.test(text)) return 0
  return parseDuration(text, { min: 0, max: MAX_TIMER_MS, of: FLAG })
}
