import type { ComparedSession, PartyHistory } from './history.ts'
import {
  differencesOf,
  isBinding,
  isCompleted,
  type SessionDifference,
} from './history-differences.ts'

/** One session as both sides tell it. */
export interface SessionPair {
  readonly a: ComparedSession
  readonly b: ComparedSession
  readonly differences: readonly SessionDifference[]
}

/** A session that only one side tells of. */
export interface LoneSession {
  readonly session: ComparedSession
  /** It led to a tally: the other side should know of it. Else it may never have heard of it, or said no at once. */
  readonly binding: boolean
}

export interface Comparison {
  /** Sessions that both tell of, alike or not. */
  readonly pairs: readonly SessionPair[]
  /** Told alike but for their end: a word was lost, and a session of both made it good. Not among `pairs`. */
  readonly settled: readonly SessionPair[]
  readonly onlyA: readonly LoneSession[]
  readonly onlyB: readonly LoneSession[]
  /** Sessions with somebody else. */
  readonly others: { readonly a: number; readonly b: number }
  /** Nobody tells of anything binding that the other tells otherwise or not at all. */
  readonly same: boolean
}

/** The keys by which two sides' sessions are found to be one, the surest first. */
const JOINS: readonly ((session: ComparedSession) => string | null)[] = [
  ({ transcriptDigest: digest, redemptionId: id }) =>
    digest === null || id === null ? null : `${digest} ${id}`,
  ({ transcriptDigest }) => transcriptDigest,
  ({ redemptionId }) => redemptionId,
  ({ tokenId }) => tokenId,
]

/** Finds the sessions that two sides had with each other, and where their accounts of them differ. */
export function compareHistories(a: PartyHistory, b: PartyHistory): Comparison {
  const [ofA, ofB] = [between(a, b), between(b, a)]
  const found: SessionPair[] = []
  let [loneA, loneB] = [ofA, ofB]
  for (const key of JOINS) {
    const joined = join(loneA, loneB, key)
    found.push(...joined.pairs.map(([x, y]) => ({ a: x, b: y, differences: differencesOf(x, y) })))
    loneA = joined.loneA
    loneB = joined.loneB
  }
  const { pairs, settled } = settle(found)
  const [onlyA, onlyB] = [loneA, loneB].map((lone) =>
    lone.map((session) => ({ session, binding: isBinding(session) })),
  )
  return {
    pairs,
    settled,
    onlyA: onlyA ?? [],
    onlyB: onlyB ?? [],
    others: { a: a.sessions.length - ofA.length, b: b.sessions.length - ofB.length },
    same:
      pairs.every(({ differences }) => differences.length === 0) &&
      ![...(onlyA ?? []), ...(onlyB ?? [])].some(({ binding }) => binding),
  }
}

/**
 * An answer that was lost on its way has the inviter say "completed" and the invitee "failed". Once both have completed
 * the same redemption, with the same tally, they tell the same again.
 */
function settle(found: readonly SessionPair[]): Pick<Comparison, 'pairs' | 'settled'> {
  const whole = new Set(found.flatMap((pair) => (isWhole(pair) ? [dealOf(pair.a)] : [])))
  const settled = found.filter(({ a, b, differences: [only, ...more] }) => {
    const told = isCompleted(a) ? a : b
    return only?.what === 'outcome' && more.length === 0 && whole.has(dealOf(told))
  })
  return { pairs: found.filter((pair) => !settled.includes(pair)), settled }
}

function isWhole({ a, b, differences }: SessionPair): boolean {
  return differences.length === 0 && isCompleted(a) && isCompleted(b) && a.redemptionId !== null
}

function dealOf({ redemptionId, tallyId }: ComparedSession): string {
  return `${redemptionId} ${tallyId}`
}

function between(own: PartyHistory, other: PartyHistory): readonly ComparedSession[] {
  return own.sessions.filter(({ peerId }) => peerId === other.peerId)
}

interface Joined {
  readonly pairs: readonly (readonly [ComparedSession, ComparedSession])[]
  readonly loneA: readonly ComparedSession[]
  readonly loneB: readonly ComparedSession[]
}

/** Pairs sessions with the same key, in the order in which they began: two with one key are matched with two. */
function join(
  a: readonly ComparedSession[],
  b: readonly ComparedSession[],
  key: (session: ComparedSession) => string | null,
): Joined {
  const waiting = Map.groupBy(b, (session) => `${key(session)} ${opposite(session)}`)
  const taken = new Set<ComparedSession>()
  const pairs: (readonly [ComparedSession, ComparedSession])[] = []
  const loneA = a.filter((session) => {
    const other =
      key(session) === null ? undefined : waiting.get(`${key(session)} ${session.side}`)?.shift()
    if (other === undefined) return true
    taken.add(other)
    pairs.push([session, other])
    return false
  })
  return { pairs, loneA, loneB: b.filter((session) => !taken.has(session)) }
}

/** Of two that had a session one listened and one dialled. */
function opposite({ side }: ComparedSession): ComparedSession['side'] {
  return side === 'listener' ? 'dialer' : 'listener'
}
