import { parseDuration } from '../text/duration.ts'

/** Milliseconds that circuits have to end, unless told otherwise: a bootstrap takes seconds. */
export const RELAY_DRAIN_MS = 10_000

/** The longest time that circuits may be given, ms: none lasts longer. */
const MAX_DRAIN_MS = 120_000

/** Reads `--drain-timeout` of a relay. @throws UsageError */
export function relayDrainMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  return parseDuration(text, { min: 0, max: MAX_DRAIN_MS, of: '--drain-timeout' })
}
