import { createHash } from 'node:crypto'
import type { Death } from './kill-switch.ts'
import {
  ALONE_POINTS,
  ASKED_POINTS,
  COLLECTING_POINTS,
  DECIDING_POINTS,
  type Flow,
  GIVING_POINTS,
  INVITEE_POINTS,
  LISTENER_POINTS,
  type Point,
  RELAY_POINTS,
  type Says,
  TELLING_POINTS,
  UNPROMISED_POINTS,
  WAITING_POINTS,
} from './points.ts'

/**
 * Who dies.
 * - `inviter`, `invitee`: at a point
 * - `both`: each at one; whoever comes first leaves the other one to die of it, or at its own
 * - `inviter twice`: the second time while the invitee tries again
 * - `given up`: the inviter, and the invitee never comes back; somebody else gets the use then
 * - `invitee waits`, `inviter asked`: where the inviter says yes by hand, before it has
 * - `inviter decides`: its listener, while it is told that yes or no
 * - `decider tells`, `decider alone`: the command that says it, beside a listener and without one
 * - `inviter gives`, `invitee collects`: when the invitee comes for the yes
 * - `bootstrap`, `listen`: the real command, at a time instead of a point
 * - `relay`: the one between the two, at a point of its own
 */
export const KINDS = [
  'inviter',
  'invitee',
  'both',
  'inviter twice',
  'given up',
  'invitee waits',
  'inviter asked',
  'inviter decides',
  'decider tells',
  'decider alone',
  'inviter gives',
  'invitee collects',
  'bootstrap',
  'listen',
] as const

/** Those of a round that goes by a relay. */
export const RELAYED_KINDS = ['inviter', 'invitee', 'both', 'inviter twice', 'relay'] as const

export type Kind = (typeof KINDS)[number] | (typeof RELAYED_KINDS)[number]

/** One round, all of it decided by its four names. */
export interface RoundPlan {
  readonly kind: Kind
  /** The point's name; for kinds without one, the kind. */
  readonly point: string
  readonly round: number
  readonly seed: number
  readonly flow: Flow
  readonly inviter: Death
  /** The inviter's second death. */
  readonly again: Death
  readonly invitee: Death
  readonly relay: Death
  /** The inviter's word, in a round in which somebody dies of it. */
  readonly says: Says
  /** The two have no other way to each other than a relay. */
  readonly isRelayed: boolean
  /** From 0 to 1: when within the time that it takes. */
  readonly when: number
}

/** The points of a kind; one round is about one of them. */
export function pointsOf(kind: Kind): readonly string[] {
  return kind === 'bootstrap' || kind === 'listen' ? [kind] : POINTS[kind].map(({ name }) => name)
}

/** By kind; of those without points, what the rest of the round is drawn from. */
const POINTS: { readonly [Name in Kind]: readonly Point[] } = {
  inviter: LISTENER_POINTS,
  'inviter twice': LISTENER_POINTS,
  listen: LISTENER_POINTS,
  bootstrap: LISTENER_POINTS,
  invitee: INVITEE_POINTS,
  both: INVITEE_POINTS,
  'given up': UNPROMISED_POINTS,
  'invitee waits': WAITING_POINTS,
  'inviter asked': ASKED_POINTS,
  'inviter decides': DECIDING_POINTS,
  'decider tells': TELLING_POINTS,
  'decider alone': ALONE_POINTS,
  'inviter gives': GIVING_POINTS,
  'invitee collects': COLLECTING_POINTS,
  relay: RELAY_POINTS,
}

const DIES_AS_INVITEE: ReadonlySet<readonly Point[]> = new Set([
  INVITEE_POINTS,
  WAITING_POINTS,
  COLLECTING_POINTS,
])

/** @throws RangeError if there is no such point */
export function planOf(
  kind: Kind,
  point: string,
  round: number,
  seed: number,
  isRelayed = kind === 'relay',
): RoundPlan {
  const draw = drawer(`${seed}/${kind}/${point}/${round}`)
  const own = POINTS[kind]
  const found = own.find(({ name }) => name === point)
  if (found === undefined && !pointsOf(kind).includes(point)) throw new RangeError(`no ${point}`)
  const flows = (found ?? LISTENER_POINTS[0])?.flows ?? []
  const flow = flows[(seed + round) % flows.length]
  if (flow === undefined) throw new RangeError(`nothing passes ${point}`)
  const death: Death = {
    point,
    occurrence: 1 + (Math.floor((seed + round) / flows.length) % (found?.times ?? 1)),
  }
  const isInvitees = DIES_AS_INVITEE.has(own)
  const isInviters = !isInvitees && own !== RELAY_POINTS
  return {
    kind,
    point,
    round,
    seed,
    flow,
    inviter: isInviters ? death : drawn(LISTENER_POINTS, flow, draw),
    again: drawn(LISTENER_POINTS, flow, draw),
    invitee: isInvitees ? death : drawn(INVITEE_POINTS, flow, draw),
    relay: own === RELAY_POINTS ? death : drawn(RELAY_POINTS, flow, draw),
    isRelayed,
    when: draw(),
    says: found?.says ?? (draw() < 0.5 ? 'yes' : 'no'),
  }
}

function drawn(points: readonly Point[], { role, identity }: Flow, draw: () => number): Death {
  const passed = points.filter(({ flows }) =>
    flows.some((each) => each.role === role && each.identity === identity),
  )
  const found = passed[Math.floor(draw() * passed.length)]
  if (found === undefined) throw new RangeError('no points')
  return { point: found.name, occurrence: 1 + Math.floor(draw() * found.times) }
}

/** Numbers from 0 to 1 that follow from a text. */
function drawer(text: string): () => number {
  let counter = 0
  return () => {
    counter += 1
    const digest = createHash('sha256').update(`${text}#${counter}`).digest()
    return digest.readUInt32BE() / 2 ** 32
  }
}

/** A round in one word, for `KILL_ROUND`. */
function nameOf({ kind, point, round, seed, isRelayed }: RoundPlan): string {
  return [seed, kind, point, round, ...(isRelayed ? ['relayed'] : [])].join('|')
}

/** @throws RangeError for anything but what `nameOf` gives */
export function planNamed(name: string): RoundPlan {
  const [seed, kind, point, round, way] = name.split('|')
  const known = [...KINDS, ...RELAYED_KINDS].find((each) => each === kind)
  if (known === undefined || point === undefined) throw new RangeError(`no round ${name}`)
  return planOf(known, point, Number(round), Number(seed), way === 'relayed')
}

/** A moment of a round at which the inviter says yes or no by hand; `dying`: somebody dies of it. */
type WordAt = 'first' | 'dying' | 'afterwards'

const WORD_AT: { readonly [Name in Kind]?: WordAt } = {
  'inviter gives': 'first',
  'invitee collects': 'first',
  'inviter decides': 'dying',
  'decider tells': 'dying',
  'decider alone': 'dying',
  'invitee waits': 'afterwards',
  'inviter asked': 'afterwards',
}

/** Undefined: the inviter is not asked. */
export function wordAt(kind: Kind): WordAt | undefined {
  return WORD_AT[kind]
}

/** What to type to see it again. */
export function replayCommand(plan: RoundPlan): string {
  return `npm run build && KILL_ROUND='${nameOf(plan)}' npx vitest run --project long test/long/kill-matrix.test.ts`
}
