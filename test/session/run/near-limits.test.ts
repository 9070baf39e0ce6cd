import { expect, test } from 'vitest'
import { MAX_FRAMES, MAX_STREAM_BYTES } from '../../../src/protocol/frame/frame-limits.ts'
import { MAX_JSON_DEPTH } from '../../../src/protocol/json/json-outline.ts'
import type { MessageExtent } from '../../../src/protocol/json/message-extent.ts'
import { MAX_CADRE } from '../../../src/protocol/message/message-limits.ts'
import { DEFAULT_SESSION_CONFIG } from '../../../src/session/config/session-config.ts'
import type { SessionSummary } from '../../../src/session/ports/session-summary.ts'
import { type NearLimitKind, nearLimitsOf } from '../../../src/session/run/near-limits.ts'

/** A session that is over, of which no more is looked at than this. */
type Over = Partial<SessionSummary> & Partial<MessageExtent>

function kindsOf({ jsonDepth = 0, addresses = 0, ...over }: Over): readonly NearLimitKind[] {
  const summary = over as SessionSummary
  const found = nearLimitsOf(summary, { jsonDepth, addresses }, DEFAULT_SESSION_CONFIG)
  return found.map(({ kind }) => kind)
}

function said(numbers: Partial<NonNullable<SessionSummary['exchange']>>): Partial<SessionSummary> {
  const none = { framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0 }
  return { exchange: { ...none, ...numbers } as NonNullable<SessionSummary['exchange']> }
}

test.each<[string, NearLimitKind, (value: number) => Over, number]>([
  ['frames', 'frames', (framesIn) => said({ framesIn }), MAX_FRAMES],
  ['bytes from its peer', 'bytes_in', (bytesIn) => said({ bytesIn }), MAX_STREAM_BYTES],
  ['bytes to its peer', 'bytes_out', (bytesOut) => said({ bytesOut }), MAX_STREAM_BYTES],
  ['addresses of a cadre', 'addresses', (addresses) => ({ addresses }), MAX_CADRE],
  ['levels of JSON', 'json_depth', (jsonDepth) => ({ jsonDepth }), MAX_JSON_DEPTH],
  [
    'time in the token hook',
    'hook_time',
    (ms) => ({ steps: [{ state: 'VALIDATING_TOKEN', ms }] }),
    DEFAULT_SESSION_CONFIG.stepTimeoutMs,
  ],
  [
    'time to build',
    'hook_time',
    (ms) => ({ steps: [{ state: 'PROVISIONING_DB', ms }] }),
    DEFAULT_SESSION_CONFIG.provisionTimeoutMs,
  ],
])(
  'more than half of the %s that are allowed is told of, half is not',
  (_what, kind, having, limit) => {
    expect(kindsOf(having(limit / 2))).toEqual([])
    expect(kindsOf(having(limit / 2 + 1))).toEqual([kind])
    expect(kindsOf(having(limit - 1))).toEqual([kind])
    // What is counted may be used to the last; time that is over was a deadline's to end.
    expect(kindsOf(having(limit))).toEqual(kind === 'hook_time' ? [] : [kind])
    expect(kindsOf(having(limit + 1))).toEqual([])
  },
)
