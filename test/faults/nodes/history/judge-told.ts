import { judgeReceipt } from '../../../../src/protocol/receipt/judge-receipt.ts'
import type { Receipted } from '../../../../src/protocol/receipt/receipt.ts'
import { type GivenAsk, isGiven } from './asks.ts'
import type { ClientHistory } from './client-history.ts'
import type { Complaint } from './complaint.ts'
import type { StoredState, StoredTally, StoredUse } from './stored-state.ts'

/** What clients count on, because they were told or keep it, is there, is theirs alone, and is proved. */
export function judgeTold(
  { asks }: ClientHistory,
  { redemptions, tallies, kept }: StoredState,
): readonly Complaint[] {
  const uses = new Map(redemptions.map((each) => [each.redemptionId, each]))
  const drafts = new Map(tallies.map((each) => [each.tallyId, each]))
  const given = asks.filter(isGiven)
  return [
    ...given.flatMap((ask) => lostOf(ask, uses, drafts)),
    ...given.flatMap(receiptOf),
    ...sharedOf(given),
    ...kept.flatMap((each) => keptOf(each, drafts)),
  ]
}

function lostOf(
  { client, tokenId, told: { tallyId, redemptionId } }: GivenAsk,
  uses: ReadonlyMap<string, StoredUse>,
  drafts: ReadonlyMap<string, StoredTally>,
): readonly Complaint[] {
  const use = uses.get(redemptionId)
  const isThere =
    use?.state === 'committed' &&
    use.tallyId === tallyId &&
    use.client === client &&
    use.tokenId === tokenId &&
    drafts.has(tallyId)
  const state = use === undefined ? 'is not there' : `is ${use.state} with ${use.tallyId}`
  const what = `${client} was told of ${tallyId}, and redemption ${redemptionId} ${state}`
  return isThere ? [] : [{ broken: 'lost', what }]
}

function receiptOf({ client, tokenId, told }: GivenAsk): readonly Complaint[] {
  const { tallyId, redemptionId, receipt } = told
  const problem = receiptProblem(receipt, { client, tokenId, tallyId, redemptionId })
  return problem === undefined
    ? []
    : [{ broken: 'receipt', what: `${client}, tally ${tallyId}: ${problem}` }]
}

function receiptProblem(
  receipted: Receipted | undefined,
  expected: Readonly<Record<'client' | 'tokenId' | 'tallyId' | 'redemptionId', string>>,
): string | undefined {
  if (receipted === undefined) return 'there is none'
  const { inviter, invitee } = judgeReceipt(receipted)
  if (inviter !== 'good' || invitee !== 'good') return `inviter ${inviter}, invitee ${invitee}`
  const { receipt } = receipted
  const { client, tokenId, tallyId, redemptionId } = expected
  const isAboutIt =
    receipt.invitee === client &&
    receipt.tokenId === tokenId &&
    receipt.tallyId === tallyId &&
    receipt.redemptionId === redemptionId
  return isAboutIt ? undefined : 'it is about something else'
}

function sharedOf(given: readonly GivenAsk[]): readonly Complaint[] {
  const byTally = Map.groupBy(given, ({ told }) => told.tallyId)
  return [...byTally].flatMap(([tallyId, asks]): readonly Complaint[] => {
    const clients = new Set(asks.map(({ client }) => client))
    return clients.size > 1
      ? [{ broken: 'shared', what: `${[...clients].join(' and ')} have tally ${tallyId}` }]
      : []
  })
}

function keptOf(
  { client, tallyId, draft }: StoredTally,
  drafts: ReadonlyMap<string, StoredTally>,
): readonly Complaint[] {
  const other = drafts.get(tallyId)
  if (other === undefined)
    return [{ broken: 'lost', what: `${client} keeps tally ${tallyId}, and the inviter does not` }]
  return other.draft === draft
    ? []
    : [{ broken: 'differs', what: `${client} has another draft of tally ${tallyId}` }]
}
