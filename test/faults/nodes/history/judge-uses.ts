import { isGiven } from './asks.ts'
import type { Ask, ClientHistory } from './client-history.ts'
import type { Complaint } from './complaint.ts'
import type { StoredState, StoredUse } from './stored-state.ts'

/** Each use is one client's, who asked for it, and there are no more than were issued. */
export function judgeUses(
  { asks }: ClientHistory,
  { uses, redemptions }: StoredState,
): readonly Complaint[] {
  const taken = redemptions.filter(({ state }) => state !== 'released')
  const askedOf = Map.groupBy(asks, ({ tokenId }) => tokenId)
  return [...Map.groupBy(taken, ({ tokenId }) => tokenId)].flatMap(([tokenId, mine]) => {
    const asked = askedOf.get(tokenId) ?? []
    return [
      ...overspentOf(tokenId, mine, uses.get(tokenId)),
      ...sameOf(mine, ({ slot }) => `use ${slot} of token ${tokenId}`),
      ...sameOf(mine, ({ tallyId }) => `tally ${tallyId}`),
      ...[...Map.groupBy(mine, ({ client }) => client)].flatMap(([client, its]) =>
        ofClient(client, its, asked),
      ),
      ...toldTwice(asked),
    ]
  })
}

function overspentOf(
  tokenId: string,
  taken: readonly StoredUse[],
  uses: number | null | undefined,
): readonly Complaint[] {
  const limit = uses === undefined ? 0 : (uses ?? Number.POSITIVE_INFINITY)
  const what = `token ${tokenId} has ${uses} uses, and ${taken.length} are taken`
  return taken.length > limit ? [{ broken: 'overspent', what }] : []
}

/** Two redemptions of one thing. */
function sameOf(
  taken: readonly StoredUse[],
  nameOf: (use: StoredUse) => string,
): readonly Complaint[] {
  return [...Map.groupBy(taken, nameOf)]
    .filter(([, those]) => those.length > 1)
    .map(([name, those]) => {
      const ids = those.map(({ redemptionId }) => redemptionId).join(' and ')
      return { broken: 'doubled', what: `${name} is of redemptions ${ids}` }
    })
}

/** One use for whoever asked, and one more for each time that it asked for another. */
function ofClient(
  client: string,
  taken: readonly StoredUse[],
  asked: readonly Ask[],
): readonly Complaint[] {
  const own = asked.filter((each) => each.client === client)
  const ids = taken.map(({ redemptionId }) => redemptionId).join(' and ')
  if (own.length === 0) return [{ broken: 'unasked', what: `${client} has ${ids}` }]
  const another = own.filter((each) => each.another).length
  const wanted = another + (another < own.length ? 1 : 0)
  return taken.length > wanted
    ? [{ broken: 'doubled', what: `${client} has ${ids} and asked for ${wanted}` }]
    : []
}

/** Who comes again without asking for another is told of the same tally. */
function toldTwice(asked: readonly Ask[]): readonly Complaint[] {
  const plain = asked.filter(isGiven).filter(({ another }) => !another)
  return [...Map.groupBy(plain, ({ client }) => client)].flatMap(([client, those]): Complaint[] => {
    const tallies = new Set(those.map(({ told }) => told.tallyId))
    const what = `${client} was told of ${[...tallies].join(' and ')} for one request`
    return tallies.size > 1 ? [{ broken: 'doubled', what }] : []
  })
}
