import { z } from 'zod/mini'
import type { AuditRecord } from '../../audit/record/record.ts'
import { parseUniqueJson } from '../../protocol/json/unique-json.ts'
import { FEED_VERSION, type FeedEvent } from './event-feed-event.ts'

/** Longest line that is read, characters: a hundred invitations with the longest labels fit in. */
const MAX_FEED_LINE = 262_144

/** The event as one line of JSON, without its end. */
export function feedLine(event: FeedEvent): string {
  return JSON.stringify(feedDocument(event))
}

/** The event for JSON: times as ISO 8601 in UTC, all else as it is. */
export function feedDocument(event: FeedEvent): object {
  return { ...event, ...isoTimes(event), ...tokensOf(event) }
}

/**
 * Reads a line back. A line of `listen --json` is one too.
 * @returns undefined for what is no event of this version, or of a type that is not known here
 */
export function parseFeedLine(line: string): FeedEvent | undefined {
  if (line.length > MAX_FEED_LINE) return undefined
  let value: unknown
  try {
    value = parseUniqueJson(line)
  } catch {
    return undefined
  }
  const parsed = z.safeParse(feedEvent, value)
  return parsed.success ? parsed.data : undefined
}

const TIMES = [
  'at',
  'startedAt',
  'endedAt',
  'since',
  'stepUntil',
  'until',
  'reapPausedUntil',
] as const

function isoTimes(event: object): object {
  const times = TIMES.flatMap((name) => {
    const value: unknown = Reflect.get(event, name)
    return typeof value === 'number' ? [[name, iso(value)]] : []
  })
  return Object.fromEntries(times)
}

function tokensOf(event: FeedEvent): object {
  if (event.type !== 'tokens') return {}
  const tokens = event.tokens.map(({ expiresAt, revokedAt, pausedAt, ...token }) => ({
    ...token,
    expiresAt: iso(expiresAt),
    ...(revokedAt === undefined ? {} : { revokedAt: iso(revokedAt) }),
    ...(pausedAt === undefined ? {} : { pausedAt: iso(pausedAt) }),
  }))
  return { tokens }
}

/** Formats a time; one that no calendar has stays a number: a clock that is wrong must not stop a reader. */
function iso(ms: number): string | number {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? ms : date.toISOString()
}

const number = z.number()
const text = z.string()
const maybeText = z.exactOptional(text)
const maybeNumber = z.exactOptional(number)
const time = z.union([
  number,
  z.pipe(
    text.check(z.refine((value) => !Number.isNaN(Date.parse(value)))),
    z.transform((value: string) => Date.parse(value)),
  ),
])
const maybeTime = z.exactOptional(time)
const role = z.enum(['stock', 'foil'])
const envelope = {
  v: z._default(z.literal(FEED_VERSION), FEED_VERSION),
  seq: z._default(number, 0),
  at: time,
}
const totals = z.object({
  completed: number,
  looked: number,
  // Older listeners count those as failed.
  asked: z._default(number, 0),
  failed: number,
  timedOut: number,
  refused: number,
})
const NO_TOTALS = { completed: 0, looked: 0, asked: 0, failed: 0, timedOut: 0, refused: 0 }

const session = z.pipe(
  z.object({
    ...envelope,
    type: z.literal('session'),
    id: text,
    side: z.enum(['listener', 'dialer']),
    state: text,
    from: maybeText,
    to: maybeText,
    ms: maybeNumber,
    reason: maybeText,
    step: maybeText,
    detail: maybeText,
    peerId: text,
    peerName: maybeText,
    role: z.exactOptional(role),
    tokenId: maybeText,
    redemptionId: maybeText,
    tallyId: maybeText,
    remoteAddress: maybeText,
    startedAt: time,
    since: maybeTime,
    stepUntil: maybeTime,
    until: maybeTime,
    endedAt: maybeTime,
    durationMs: maybeNumber,
  }),
  z.transform(({ since, ...rest }) => ({ ...rest, since: since ?? rest.at })),
)

const ready = z.object({
  ...envelope,
  type: z.literal('ready'),
  pid: number,
  peerId: text,
  addresses: z.array(text),
  startedAt: z._default(time, 0),
  maxSessions: z._default(number, 0),
  ratePerMinute: z._default(number, 0),
  totals: z._default(totals, NO_TOTALS),
})

const health = z.object({
  ...envelope,
  type: z.literal('health'),
  active: number,
  maxSessions: number,
  totals,
  addresses: z.array(text),
  reached: z.exactOptional(
    z.enum(['loopback', 'link-local', 'private', 'cgnat', 'relay', 'public']),
  ),
  proof: z.exactOptional(
    z.object({
      by: z.enum(['self', 'relay']),
      triedAt: time,
      problem: maybeText,
      outside: z.exactOptional(z.enum(['proven', 'failed'])),
    }),
  ),
  syncs: z.exactOptional(
    z.object({ inSync: number, ahead: number, behind: number, stopped: number }),
  ),
  reapPausedUntil: maybeTime,
  waiting: z.exactOptional(
    z.object({
      count: number,
      oldest: z.array(z.object({ id: text, peerId: text, peerName: maybeText })),
    }),
  ),
  rssBytes: number,
  lagMs: number,
})

const token = z.object({
  id: text,
  label: maybeText,
  role,
  uses: z.nullable(number),
  used: number,
  reserved: number,
  expiresAt: time,
  revokedAt: maybeTime,
  pausedAt: maybeTime,
  byHand: z.exactOptional(z.literal(true)),
})

/** Checks only what a reader needs: the trail's own reader judges records. */
const record = z.custom<AuditRecord>((value) => {
  const { type, severity, seq, at, data } = Object(value)
  const texts = typeof type === 'string' && typeof severity === 'string'
  return texts && typeof seq === 'number' && typeof at === 'number' && isObject(data)
})

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

const feedEvent = z.union([
  session,
  z.object({ ...envelope, type: z.literal('audit'), record }),
  ready,
  health,
  z.object({ ...envelope, type: z.literal('refused'), peerId: text, code: text }),
  z.object({ ...envelope, type: z.literal('problem'), detail: text }),
  z.object({
    ...envelope,
    type: z.literal('relay'),
    address: text,
    state: z.enum(['reserved', 'lost']),
    isBack: z.optional(z.boolean()),
    problem: maybeText,
  }),
  z.object({
    ...envelope,
    type: z.literal('sync'),
    peerId: text,
    by: z.enum(['here', 'partner']),
    result: z.enum(['met', 'cut', 'missed']),
    taken: number,
    given: number,
  }),
  z.object({
    ...envelope,
    type: z.literal('request'),
    state: z.enum(['waiting', 'approved', 'denied', 'over']),
    id: text,
    peerId: text,
    tokenId: text,
    peerName: maybeText,
    until: maybeTime,
    cause: maybeText,
  }),
  z.object({
    ...envelope,
    type: z.literal('router'),
    state: z.enum(['mapped', 'failed']),
    router: maybeText,
    addresses: z.array(text),
    problem: maybeText,
  }),
  z.object({
    ...envelope,
    type: z.literal('words'),
    tallyId: text,
    peerId: text,
    peerName: maybeText,
    words: z.array(text),
  }),
  z.object({ ...envelope, type: z.literal('tokens'), tokens: z.array(token), more: number }),
  z.object({ ...envelope, type: z.literal('draining'), active: number, ms: number }),
  z.object({
    ...envelope,
    type: z.literal('stopped'),
    reason: text,
    cut: number,
    parked: maybeNumber,
    inDoubt: z.optional(z.array(text)),
  }),
  z.object({ ...envelope, type: z.literal('missed'), count: number }),
])
