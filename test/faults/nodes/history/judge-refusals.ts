import { isGiven, mayBeOwn, rivals } from './asks.ts'
import type { Ask, ClientHistory } from './client-history.ts'
import type { Complaint } from './complaint.ts'
import type { StoredState, StoredUse } from './stored-state.ts'

/** Refusals that are about the moment. */
const PASSING: ReadonlySet<string> = new Set([
  'in_progress',
  'busy',
  'rate_limited',
  'draining',
  'timed_out',
  'internal',
])

type RefusedAsk = Ask & { readonly told: { readonly kind: 'refused'; readonly code: string } }

function isRefused(ask: Ask): ask is RefusedAsk {
  return ask.told?.kind === 'refused'
}

/** Nobody is turned away while there is room, or after it was given what it asks for. */
export function judgeRefusals(
  { asks }: ClientHistory,
  { uses, redemptions }: StoredState,
): readonly Complaint[] {
  const committed = redemptions.filter(({ state }) => state === 'committed')
  const committedOf = Map.groupBy(committed, ({ tokenId }) => tokenId)
  return [...Map.groupBy(asks, ({ tokenId }) => tokenId)].flatMap(([tokenId, all]) => {
    const limit = uses.get(tokenId) ?? Number.POSITIVE_INFINITY
    const taken = committedOf.get(tokenId) ?? []
    return all
      .filter(isRefused)
      .flatMap((ask) => [...turnedAway(ask, all, taken, limit), ...takenBack(ask, all)])
  })
}

function turnedAway(
  ask: RefusedAsk,
  all: readonly Ask[],
  committed: readonly StoredUse[],
  limit: number,
): readonly Complaint[] {
  const { client, tokenId, told } = ask
  const complaint = (held: number): readonly Complaint[] => {
    const what = `${client} was told ${told.code}, when ${held} of ${limit} uses of token ${tokenId} could be taken`
    return [{ broken: 'turned away', what }]
  }
  if (told.code === 'used') {
    const early = new Set(all.filter(({ at }) => at < told.at).map((each) => each.client))
    const held = committed.filter((each) => early.has(each.client)).length
    return held < limit ? complaint(held) : []
  }
  // Its own request may be under way in another session.
  if (told.code !== 'in_progress' || mayBeOwn(all, ask)) return []
  const held = rivals(all, ask).size
  return held < limit ? complaint(held) : []
}

function takenBack(ask: RefusedAsk, all: readonly Ask[]): readonly Complaint[] {
  const { client, another, told } = ask
  if (another || PASSING.has(told.code)) return []
  const given = all
    .filter(isGiven)
    .find((each) => each.client === client && !each.another && each.told.at < ask.at)
  if (given === undefined) return []
  const what = `${client} was told of ${given.told.tallyId}, and then ${told.code}`
  return [{ broken: 'taken back', what }]
}
