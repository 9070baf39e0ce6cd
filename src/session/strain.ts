import { MAX_FRAMES, MAX_STREAM_BYTES } from '../protocol/frame-limits.ts'
import { type Deadlines, stepLimitMs } from './machine/deadlines.ts'
import type { SessionSummary } from './ports/store.ts'

/** The part of a hard limit beyond which a session that kept it is told of all the same. */
const SOFT_SHARE = 0.5

/** The states in which a hook of this side's is at work. */
const AT_WORK = ['VALIDATING_TOKEN', 'VALIDATING_IDENTITY', 'PROVISIONING_DB'] as const

/** What came close to its limit. */
export type StrainKind = 'frames' | 'bytes_in' | 'bytes_out' | 'hook_time'

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
  deadlines: Deadlines,
): readonly Strain[] {
  const { framesIn = 0, bytesIn = 0, bytesOut = 0 } = exchange ?? {}
  const used: readonly Used[] = [
    { kind: 'frames', what: 'frames received', value: framesIn, limit: MAX_FRAMES },
    { kind: 'bytes_in', what: 'bytes received', value: bytesIn, limit: MAX_STREAM_BYTES },
    { kind: 'bytes_out', what: 'bytes sent', value: bytesOut, limit: MAX_STREAM_BYTES },
    ...AT_WORK.map((name) => ({
      kind: 'hook_time' as const,
      what: `ms in ${name}`,
      value: steps.find(({ state }) => state === name)?.ms ?? 0,
      limit: stepLimitMs(name, deadlines) ?? Number.POSITIVE_INFINITY,
    })),
  ]
  return used
    .filter(({ value, limit }) => value > limit * SOFT_SHARE && value < limit)
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
