import { MAX_FRAMES, MAX_STREAM_BYTES } from '../protocol/frame-limits.ts'
import { type Deadlines, stepLimitMs } from './machine/deadlines.ts'
import type { SessionSummary } from './ports/store.ts'

/** The part of a hard limit beyond which a session that kept it is told of all the same. */
const SOFT_SHARE = 0.5

/** The states in which a hook of this side's is at work. */
const AT_WORK = ['VALIDATING_TOKEN', 'VALIDATING_IDENTITY', 'PROVISIONING_DB'] as const

/**
 * Where a session that is over came close to its limits, in words. What broke a limit was ended for it; this is for
 * whoever wants to know before.
 */
export function strainsOf({ steps = [], exchange }: SessionSummary, deadlines: Deadlines) {
  const used = [
    { what: 'frames received', value: exchange?.framesIn ?? 0, limit: MAX_FRAMES },
    { what: 'bytes received', value: exchange?.bytesIn ?? 0, limit: MAX_STREAM_BYTES },
    { what: 'bytes sent', value: exchange?.bytesOut ?? 0, limit: MAX_STREAM_BYTES },
    ...AT_WORK.map((name) => ({
      what: `ms in ${name}`,
      value: steps.find(({ state }) => state === name)?.ms ?? 0,
      limit: stepLimitMs(name, deadlines) ?? Number.POSITIVE_INFINITY,
    })),
  ]
  return used
    .filter(({ value, limit }) => value > limit * SOFT_SHARE && value < limit)
    .map(({ what, value, limit }) => `${Math.round(value)} ${what}, and ${limit} is the limit`)
}
