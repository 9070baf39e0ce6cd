import { type ChainedRecord, type ChainHead, EMPTY_CHAIN } from '../../audit/record/chain.ts'
import type { WitnessedCheckpoint } from '../../audit/witness/witnessed-checkpoint.ts'
import type { OwedNotice } from '../../session/ports/notices.ts'
import type { LostUse } from '../../session/ports/tally.ts'
import type { PendingRequest } from '../../session/ports/uses/pending-request.ts'
import { Cell, Changes, Counter } from './changes.ts'
import type {
  AnswerRow,
  AttemptRow,
  DeclineRow,
  DenialRow,
  DocumentRow,
  FreeSlotRow,
  JournalRow,
  RedemptionRow,
  RemovalRow,
  SessionRow,
  TallyRow,
  TokenRow,
} from './row-types.ts'
import { Table } from './table.ts'

/** The rows of all tables, and their indices. */
export class Rows {
  readonly changes = new Changes()

  readonly tokens = this.#table<TokenRow>(({ id }) => id)
  readonly redemptions = this.#table<RedemptionRow>(({ id }) => id)
  readonly answers = this.#table<AnswerRow>(({ redemptionId }) => redemptionId)
  readonly freeSlots = this.#table<FreeSlotRow>(({ tokenId, slot }) => pair(tokenId, String(slot)))
  readonly declines = this.#table<DeclineRow>(({ tokenId, peerId }) => pair(tokenId, peerId))
  readonly denials = this.#table<DenialRow>(({ tokenId, peerId }) => pair(tokenId, peerId))
  readonly requests = this.#table<PendingRequest>(({ id }) => id)
  readonly attempts = this.#table<AttemptRow>(({ attempt }) => attempt.attemptId)
  readonly tallies = this.#table<TallyRow>(({ tally }) => tally.tallyId)
  readonly documents = this.#table<DocumentRow>(({ tallyId }) => tallyId)
  readonly removals = this.#table<RemovalRow>(({ removal }) => removal.tallyId)
  readonly notices = this.#table<OwedNotice>(({ redemptionId }) => redemptionId)
  readonly lostUses = this.#table<LostUse>((each) => pair(each.lostBy, each.redemptionId))
  readonly sessions = this.#table<SessionRow>(({ summary }) => summary.id)
  readonly journals = this.#table<JournalRow>(({ sessionId }) => sessionId)
  readonly witnessed = this.#table<WitnessedCheckpoint>((each) =>
    [each.peerId, each.size, each.standing, Buffer.from(each.root).toString('hex')].join(' '),
  )

  readonly audit = this.#table<ChainedRecord>(({ seq }) => String(seq))

  readonly auditHead = new Cell<ChainHead>(this.changes, EMPTY_CHAIN)
  readonly redemptionSeq = new Counter(this.changes)
  readonly attemptSeq = new Counter(this.changes)
  readonly sessionSeq = new Counter(this.changes)
  readonly fence = new Counter(this.changes)
  readonly highestTime = new Cell(this.changes, 0)
  /** The sessions that were looked at by runs of pruning so far: the last one, and the last one that was looked at again. */
  readonly pruned = new Cell(this.changes, { looked: 0, lookedAgain: 0 })
  /** The last session that a run may look at which keeps so many. */
  lastToPrune = (keep: number): number => this.sessionSeq.last - keep

  /** The redemptions of a peer on a token, not those that were released. */
  readonly ofPeerOnToken = this.redemptions.index((row) =>
    row.state === 'released' ? undefined : pair(row.peerId, row.tokenId),
  )
  /** The redemptions of a token that take a use of it. */
  readonly takenOfToken = this.redemptions.index((row) =>
    row.state === 'released' ? undefined : row.tokenId,
  )
  readonly reservedOfToken = this.redemptions.index((row) =>
    isReserved(row) ? row.tokenId : undefined,
  )
  /** The redemptions that stand on terms of a token, by its revision. */
  readonly usesOnTerms = this.redemptions.index(({ state, tokenId, revision }) =>
    state === 'released' || revision === undefined ? undefined : pair(tokenId, String(revision)),
  )
  /** The redemptions of a peer that are under way, or whose answer it has yet to acknowledge. */
  readonly unsettledOfPeer = this.redemptions.index((row) =>
    isUnsettled(row) ? row.peerId : undefined,
  )
  readonly reservedOfTally = this.redemptions.index((row) =>
    isReserved(row) ? row.tallyId : undefined,
  )
  /** The redemptions for which a database is being built. */
  readonly buildingOfTally = this.redemptions.index(({ state, tallyId }) =>
    state === 'provisioning' ? tallyId : undefined,
  )
  readonly freeOfToken = this.freeSlots.index(({ tokenId }) => tokenId)
  readonly declinesOfToken = this.declines.index(({ tokenId }) => tokenId)
  readonly denialsOfToken = this.denials.index(({ tokenId }) => tokenId)
  readonly requestsOfToken = this.requests.index(({ tokenId }) => tokenId)
  readonly requestsOfPeerOnToken = this.requests.index(({ peerId, tokenId }) =>
    pair(peerId, tokenId),
  )
  readonly waiting = this.requests.index((each) => (isWaiting(each) ? ALL : undefined))
  readonly waitingOfPeer = this.requests.index((each) =>
    isWaiting(each) ? each.peerId : undefined,
  )
  readonly waitingOfToken = this.requests.index((each) =>
    isWaiting(each) ? each.tokenId : undefined,
  )
  readonly requestOfRedemption = this.requests.index(({ redemptionId }) => redemptionId)
  readonly attemptsOnLink = this.attempts.index(({ attempt }) => attempt.linkHash)
  readonly attemptsOfTally = this.attempts.index(({ attempt }) => attempt.tallyId)
  readonly witnessedOfPeer = this.witnessed.index(({ peerId }) => peerId)

  #table<Row>(idOf: (row: Row) => string): Table<Row> {
    return new Table(this.changes, idOf)
  }
}

/** Returns one key for two ids, neither of which has a space in it. */
export function pair(one: string, other: string): string {
  return `${one} ${other}`
}

/** The one key of an index over the whole table. */
export const ALL = 'all'

export function isWaiting({ approvedAt }: PendingRequest): boolean {
  return approvedAt === undefined
}

export function isReserved({ reservedUntil }: RedemptionRow): boolean {
  return reservedUntil !== undefined
}

/** True if it was committed and not acknowledged, and still may be. */
export function isOffered({ state, delivery, withdrawnAt }: RedemptionRow): boolean {
  return state === 'committed' && delivery === 'offered' && withdrawnAt === undefined
}

export function isUnsettled(row: RedemptionRow): boolean {
  return isReserved(row) || isOffered(row)
}
