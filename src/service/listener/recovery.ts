import type { Attempt } from '../../session/ports/attempt.ts'
import type { Clock } from '../../session/ports/clock.ts'
import type { OwedRemoval } from '../../session/ports/removals.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import type { LostUse } from '../../session/ports/tally.ts'
import { type RecoveredSession, recoverSessions } from '../../session/recovery/recover-sessions.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import { isProcessGone } from '../../store/directory/process-name.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { attemptRecords } from '../../store/records/attempt-records.ts'
import { lostUseRecords } from '../../store/records/lost-use-records.ts'
import {
  redemptionRecords,
  type UnfinishedRedemption,
} from '../../store/records/redemption-records.ts'
import { removalRecords } from '../../store/records/removal-records.ts'

export type { RecoveredSession }

/** A use of a token, or a database, that an earlier process left in the middle, and what is done about it. */
export interface RecoveredThing {
  /** The redemption's id, or the tally's. */
  readonly id: string
  /** `lost`: one side has lost what the other has; only people can settle that. */
  readonly kind: 'reservation' | 'offer' | 'attempt' | 'removal' | 'lost'
  readonly peerId: string
  readonly decision: 'wait' | 'release' | 'remove' | 'talk'
  readonly why: string
}

/** The findings of a recovery, and what it did or would do. */
export interface RecoveryReport {
  readonly sessions: readonly RecoveredSession[]
  readonly things: readonly RecoveredThing[]
}

export interface RecoverAllPorts {
  readonly store: SessionStore & RecordStore
  /** Where the processes that share the store have their locks. */
  readonly directory: DataDirectory
  readonly clock: Clock
  /** Other directories share the store, too. @default false */
  readonly isShared?: boolean
}

/**
 * Closes what dead processes left open, on both sides. What the sessions worked on is not touched: reservations,
 * offers and removals have deadlines of their own, which the listener looks after while it runs.
 * @throws StoreError
 */
export async function recoverAll(
  { store, directory, clock, isShared = store.nodes !== undefined }: RecoverAllPorts,
  dryRun = false,
): Promise<RecoveryReport> {
  const isGone = (process: string) => isProcessGone(directory, process, isShared)
  const ports = { store, clock, isGone }
  const listener = await recoverSessions(ports, 'listener', dryRun)
  const dialer = await recoverSessions(ports, 'dialer', dryRun)
  return { sessions: [...listener, ...dialer], things: await lookAtUnfinished({ store, clock }) }
}

/** How many of each kind are told. */
const MAX_TOLD = 1_000

/** Everything that is not settled, beside open sessions: it reads only, also while a listener runs. @throws StoreError */
export function lookAtUnfinished({
  store,
  clock,
}: Pick<RecoverAllPorts, 'store' | 'clock'>): Promise<readonly RecoveredThing[]> {
  const now = clock.now()
  return store.query(function* () {
    const redemptions = yield* redemptionRecords.unfinished(MAX_TOLD)
    const attempts = yield* attemptRecords.unfinished(MAX_TOLD)
    const removals = yield* removalRecords.list(MAX_TOLD)
    const losses = yield* lostUseRecords.list(MAX_TOLD)
    return [
      ...redemptions.map((each) => redemption(each, now)),
      ...attempts.map(attempt),
      ...removals.map(removal),
      ...losses.map(lost),
    ]
  })
}

function redemption(each: UnfinishedRedemption, now: number): RecoveredThing {
  const { id, peerId, state, reservedUntil } = each
  if (state === 'committed') {
    const why = 'answered and not acknowledged: the same peer gets the same answer when it is back'
    return { id, kind: 'offer', peerId, decision: 'wait', why }
  }
  const until = new Date(reservedUntil ?? 0).toISOString()
  if ((reservedUntil ?? 0) < now) {
    const built = state === 'provisioning' ? ', and what was built for it is removed' : ''
    const why = `reserved until ${until}: the use is free again${built}`
    return { id, kind: 'reservation', peerId, decision: 'release', why }
  }
  const why = `reserved until ${until}: the same peer may come back`
  return { id, kind: 'reservation', peerId, decision: 'wait', why }
}

function attempt(each: Attempt): RecoveredThing {
  const why =
    each.status === 'held'
      ? 'a tally is stored here and not confirmed: the same link, redeemed again, goes on from there'
      : 'begun and not finished: the same link, redeemed again, goes on from there'
  return { id: each.attemptId, kind: 'attempt', peerId: each.inviter, decision: 'wait', why }
}

function lost({ lostBy, tallyId: id, tokenId, peerId, at }: LostUse): RecoveredThing {
  const since = `heard on ${new Date(at).toISOString()}`
  const why =
    lostBy === 'here'
      ? `the peer has a receipt of yours for this tally, of invitation ${tokenId}, and this store knows nothing of it (${since}): it was put back from a backup, or has lost a commit; the invitation was stopped if its uses are counted`
      : `the inviter says that it does not know this tally (${since}): it stays here; keep what \`taleus tally receipt ${id}\` prints, and show it to the inviter`
  return { id, kind: 'lost', peerId, decision: 'talk', why }
}

function removal(each: OwedRemoval): RecoveredThing {
  const { tallyId: id, peerId, reason, tries } = each
  const tried = tries === 0 ? '' : `, tried ${tries} times`
  const why = `its database is not wanted (${reason})${tried}`
  return { id, kind: 'removal', peerId, decision: 'remove', why }
}
