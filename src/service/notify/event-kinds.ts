import type { FeedEvent, FeedFact } from '../feed/event-feed-event.ts'
import { hasAsked } from '../feed/session-ends.ts'

/** The types of the feed: true for those that tell what happens, false for those that tell how things stand. */
const HAPPENS = {
  session: true,
  refused: true,
  problem: true,
  relay: true,
  sync: true,
  router: true,
  words: true,
  request: true,
  audit: true,
  draining: true,
  stopped: true,
  ready: false,
  health: false,
  tokens: false,
  missed: false,
} as const satisfies Record<FeedFact['type'], boolean>

type HappeningType = {
  [Type in FeedFact['type']]: (typeof HAPPENS)[Type] extends true ? Type : never
}[FeedFact['type']]

/** Kinds that say more than a type of the feed: they come before it. */
const OF_NOTE = {
  redeemed: (event) =>
    event.type === 'session' && event.to === 'COMPLETED' && event.tallyId !== undefined,
  failed: (event) =>
    event.type === 'session' &&
    (event.to === 'FAILED' || event.to === 'TIMEOUT') &&
    !hasAsked(event),
  pending: (event) => event.type === 'request' && event.state === 'waiting',
  expired: (event) =>
    event.type === 'audit' &&
    event.record.type === 'token' &&
    event.record.data['event'] === 'expired',
  alarm: (event) => event.type === 'audit' && event.record.severity === 'alarm',
} as const satisfies Record<string, (event: FeedEvent) => boolean>

/** A kind of event that a command can be started for. */
export type EventKind = keyof typeof OF_NOTE | HappeningType

const NOTED = Object.keys(OF_NOTE).filter((name) => isNoted(name))
const HAPPENING = Object.keys(HAPPENS).filter((name) => isHappening(name))

/** All kinds there are: those of note, then all of the feed's types that tell what happens. */
export const EVENT_KINDS: readonly EventKind[] = [...NOTED, ...HAPPENING]

/** The kinds that a person wants to hear of. */
export const USUAL_EVENT_KINDS: readonly EventKind[] = ['redeemed', 'pending', 'expired', 'alarm']

function isNoted(name: string): name is keyof typeof OF_NOTE {
  return Object.hasOwn(OF_NOTE, name)
}

function isHappening(name: string): name is HappeningType {
  return Object.hasOwn(HAPPENS, name) && Reflect.get(HAPPENS, name) === true
}

/** The first of the kinds wanted that an event is of; undefined if it is of none. */
export function kindOf(event: FeedEvent, wanted: ReadonlySet<string>): EventKind | undefined {
  const noted = NOTED.find((name) => wanted.has(name) && OF_NOTE[name](event))
  if (noted !== undefined) return noted
  return isHappening(event.type) && wanted.has(event.type) ? event.type : undefined
}
