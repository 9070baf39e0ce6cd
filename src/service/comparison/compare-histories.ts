import type { Side, Story } from './history.ts'
import {
  differencesOf,
  isBinding,
  isCompleted,
  type StoryDifference,
} from './history-differences.ts'

/** One session as both sides tell it. */
export interface StoryPair {
  readonly a: Story
  readonly b: Story
  readonly differences: readonly StoryDifference[]
}

/** A session that only one side tells of. */
export interface LoneStory {
  readonly story: Story
  /** It led to a tally: the other side should know of it. Else it may never have heard of it, or said no at once. */
  readonly binding: boolean
}

export interface Comparison {
  /** Sessions that both tell of, alike or not. */
  readonly pairs: readonly StoryPair[]
  /** Told alike but for their end: a word was lost, and a session of both made it good. Not among `pairs`. */
  readonly settled: readonly StoryPair[]
  readonly onlyA: readonly LoneStory[]
  readonly onlyB: readonly LoneStory[]
  /** Sessions with somebody else. */
  readonly others: { readonly a: number; readonly b: number }
  /** Nobody tells of anything binding that the other tells otherwise or not at all. */
  readonly same: boolean
}

/** By what two sides' sessions are found to be one, the surest first. */
const JOINS: readonly ((story: Story) => string | null)[] = [
  ({ transcriptDigest: digest, redemptionId: id }) =>
    digest === null || id === null ? null : `${digest} ${id}`,
  ({ transcriptDigest }) => transcriptDigest,
  ({ redemptionId }) => redemptionId,
  ({ tokenId }) => tokenId,
]

/** Find the sessions that two sides had with each other, and where what they tell of them parts. */
export function compareStories(a: Side, b: Side): Comparison {
  const [ofA, ofB] = [between(a, b), between(b, a)]
  const found: StoryPair[] = []
  let [loneA, loneB] = [ofA, ofB]
  for (const key of JOINS) {
    const joined = join(loneA, loneB, key)
    found.push(...joined.pairs.map(([x, y]) => ({ a: x, b: y, differences: differencesOf(x, y) })))
    loneA = joined.loneA
    loneB = joined.loneB
  }
  const { pairs, settled } = settle(found)
  const [onlyA, onlyB] = [loneA, loneB].map((lone) =>
    lone.map((story) => ({ story, binding: isBinding(story) })),
  )
  return {
    pairs,
    settled,
    onlyA: onlyA ?? [],
    onlyB: onlyB ?? [],
    others: { a: a.stories.length - ofA.length, b: b.stories.length - ofB.length },
    same:
      pairs.every(({ differences }) => differences.length === 0) &&
      ![...(onlyA ?? []), ...(onlyB ?? [])].some(({ binding }) => binding),
  }
}

/**
 * An answer that was lost on its way has the inviter say "completed" and the invitee "failed". Once both have completed
 * the same redemption, with the same tally, they tell one story again.
 */
function settle(found: readonly StoryPair[]): Pick<Comparison, 'pairs' | 'settled'> {
  const whole = new Set(found.flatMap((pair) => (isWhole(pair) ? [dealOf(pair.a)] : [])))
  const settled = found.filter(({ a, b, differences: [only, ...more] }) => {
    const told = isCompleted(a) ? a : b
    return only?.what === 'outcome' && more.length === 0 && whole.has(dealOf(told))
  })
  return { pairs: found.filter((pair) => !settled.includes(pair)), settled }
}

function isWhole({ a, b, differences }: StoryPair): boolean {
  return differences.length === 0 && isCompleted(a) && isCompleted(b) && a.redemptionId !== null
}

function dealOf({ redemptionId, tallyId }: Story): string {
  return `${redemptionId} ${tallyId}`
}

function between(own: Side, other: Side): readonly Story[] {
  return own.stories.filter(({ peerId }) => peerId === other.peerId)
}

interface Joined {
  readonly pairs: readonly (readonly [Story, Story])[]
  readonly loneA: readonly Story[]
  readonly loneB: readonly Story[]
}

/** One each, in the order in which they began: who said the same twice is matched twice. */
function join(
  a: readonly Story[],
  b: readonly Story[],
  key: (story: Story) => string | null,
): Joined {
  const waiting = Map.groupBy(b, (story) => `${key(story)} ${opposite(story)}`)
  const taken = new Set<Story>()
  const pairs: (readonly [Story, Story])[] = []
  const loneA = a.filter((story) => {
    const other =
      key(story) === null ? undefined : waiting.get(`${key(story)} ${story.side}`)?.shift()
    if (other === undefined) return true
    taken.add(other)
    pairs.push([story, other])
    return false
  })
  return { pairs, loneA, loneB: b.filter((story) => !taken.has(story)) }
}

/** Of two that had a session one listened and one dialled. */
function opposite({ side }: Story): Story['side'] {
  return side === 'listener' ? 'dialer' : 'listener'
}
