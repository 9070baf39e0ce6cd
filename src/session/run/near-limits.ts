import { MAX_FRAMES, MAX_STREAM_BYTES } from '../../protocol/frame/frame-limits.ts'
import { MAX_JSON_DEPTH } from '../../protocol/json/json-outline.ts'
import type { MessageExtent } from '../../protocol/json/message-extent.ts'
import { MAX_CADRE } from '../../protocol/message/message-limits.ts'
import { type Deadlines, stepLimitMs } from '../machine/deadlines.ts'
import type { SessionSummary } from '../ports/session-summary.ts'

/**
 * The part of a hard limit beyond which a session is told of although it kept the limit: ordinary sessions use less, and
 * from there to a refusal is as far again.
 */
const SOFT_SHARE = 0.5

/** The states in which a hook of this side is at work. */
const AT_WORK = ['VALIDATING_TOKEN', 'VALIDATING_IDENTITY', 'PROVISIONING_DB'] as const

/** The limit that was nearly reached. */
export type NearLimitKind =
  | 'frames'
  | 'bytes_in'
  | 'bytes_out'
  | 'addresses'
  | 'json_depth'
  | 'hook_time'

export interface NearLimit {
  readonly kind: NearLimitKind
  /** In words. */
  readonly detail: string
}

/**
 * Finds the limits that a session which is over came close to. A session that breaks a limit is ended for it; this is a
 * warning before that.
 */
export function nearLimitsOf(
  { steps = [], exchange }: SessionSummary,
  { addresses, jsonDepth }: MessageExtent,
  deadlines: Deadlines,
): readonly NearLimit[] {
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
  readonly kind: NearLimitKind
  readonly what: string
  readonly value: number
  readonly limit: number
}
