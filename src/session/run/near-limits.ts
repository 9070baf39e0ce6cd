import { MAX_FRAMES, MAX_STREAM_BYTES } from '../../protocol/frame/frame-limits.ts'
import { MAX_JSON_DEPTH } from '../../protocol/json/json-outline.ts'
import type { MessageExtent } from '../../protocol/json/message-extent.ts'
import { MAX_CADRE } from '../../protocol/message/message-limits.ts'
import { type Deadlines, stepLimitMs } from '../machine/deadlines.ts'
import type { SessionSummary } from '../ports/store.ts'

/**
 * The part of a hard limit beyond which a session that kept it is told of all the same: ordinary ones use less, and
 * from there to a refusal is as far again.
 */
const SOFT_SHARE = 0.5

/** The states in which a hook of this side's is at work. */
const AT_WORK = ['VALIDATING_TOKEN', 'VALIDATING_IDENTITY', 'PROVISIONING_DB'] as const

/** What came close to its limit. */
export type StrainKind =
  | 'frames'
  | 'bytes_in'
  | 'bytes_out'
  | 'addresses'
  | 'json_depth'
  | 'hook_time'

export interface Strain {
  readonly kind: StrainKind
  /** In words. */
  readonly detail: string
}

/**
 * Where a session that is over came close to its limits. What broke a limit was ended for it; this is for whoever
 * wants to know before.
 */
export function strainsOf(
  { steps = [], exchange }: SessionSummary,
  { addresses, jsonDepth }: MessageExtent,
  deadlines: Deadlines,
): readonly Strain[] {
  const { framesIn = 0, bytesIn = 0, bytesOut = 0 } = exchange ?? {}
  const used: readonly Used[] = [
    { kind: 'frames', what: 'frames received', value: framesIn, limit: MAX_FRAMES },
    { kind: 'bytes_in', what: 'bytes received', value: bytesIn, limit: MAX_STREAM_BYTES },
    { kind: 'bytes_out', what: 'bytes sent', value: bytesOut, limit: MAX_STREAM_BYTES },
    { kind: 'addresses', what: 'addresses of its peer', value: addresses, limit: MAX_CADRE },
    { kind: 'json_depth', what: 'levels of JSON', value: jsonDepth, limit: MAX_JSON_DEPTH },
    ...AT_WORK.map((name) => {
      const limit = stepLimitMs(name, deadlines) ?? Number.POSITIVE_INFINITY
      // All of the time is a deadline that was missed; all of what is counted may be used.
      const value = steps.find(({ state, ms }) => state === name && ms < limit)?.ms ?? 0
      return { kind: 'hook_time' as const, what: `ms in ${name}`, value, limit }
    }),
  ]
  return used
    .filter(({ value, limit }) => value > limit * SOFT_SHARE && value <= limit)
    .map(({ kind, what, value, limit }) => ({
      kind,
      detail: `${Math.round(value)} ${what}, and ${limit} is the limit`,
    }))
}

interface Used {
  readonly kind: StrainKind
  readonly what: string
  readonly value: number
  readonly limit: number
}
