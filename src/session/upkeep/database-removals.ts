import { pauseAfter } from '../host/back-off.ts'
import type { RemovalPorts, TallyDatabases } from '../host/tally-databases.ts'
import type { Clock } from '../ports/clock.ts'
import type { OwedRemoval, RemovalOrder, SessionStore, StoreTransaction } from '../ports/store.ts'

import { isClaimed, newClaim, type RemovalClaimPorts } from './removal-claims.ts'

export interface OweRemovalPorts {
  readonly store: SessionStore
  readonly clock: Clock
  /** Databases that are owed removal are looked at now. */
  settleRemovals(): void
  /** The store failed where no session waits for it: none of them is over because of that. */
  storeFailed(error: unknown): void
}

export interface DatabaseRemovalPorts
  extends RemovalPorts,
    RemovalClaimPorts,
    Omit<OweRemovalPorts, 'settleRemovals'> {
  readonly databases: TallyDatabases
}

/** Removals begun at once. */
const BATCH = 50

/**
 * Stores a removal that is not part of a transition, and does it as soon as that is durable. A stored removal is never
 * forgotten.
 */
export async function oweRemovalNow(ports: OweRemovalPorts, order: RemovalOrder): Promise<void> {
  try {
    await ports.store.transact((transaction) => transaction.oweRemoval(order, ports.clock.now()))
      .durable
    ports.settleRemovals()
  } catch (error) {
    ports.storeFailed(error)
  }
}

/**
 * Does the removals that are due. Each failure is stored, and retried later, for ever.
 * @returns resolves when each of them has been tried once, with their number
 */
export async function settleRemovals(ports: DatabaseRemovalPorts): Promise<number> {
  try {
    const due = await claimDue(ports)
    await Promise.all(due.map(({ removal, owner }) => settleOne(ports, removal, owner)))
    return due.length
  } catch (error) {
    ports.storeFailed(error)
    return 0
  }
}

/** Does removals until none is due any more. A failed one is due again later. */
export async function settleAllRemovals(ports: DatabaseRemovalPorts): Promise<void> {
  while ((await settleRemovals(ports)) > 0);
}

interface Claimed {
  readonly removal: OwedRemoval
  readonly owner: string
}

/**
 * Claims the due removals that no other process is doing, and returns them once the claim is durable. A database that is
 * wanted again by now is not removed.
 */
async function claimDue(ports: DatabaseRemovalPorts): Promise<readonly Claimed[]> {
  const { clock, store } = ports
  const { value, durable } = store.transact((transaction) => {
    const due = transaction.dueRemovals(clock.now(), BATCH)
    const mine = due.filter((removal) => isMine(ports, transaction, removal))
    if (mine.length === 0) return []
    const claim = newClaim(ports)
    for (const { tallyId } of mine) transaction.claimRemoval(tallyId, claim)
    return mine.map((removal) => ({ removal, owner: claim.owner }))
  })
  await durable
  return value
}

function isMine(
  ports: DatabaseRemovalPorts,
  transaction: StoreTransaction,
  removal: OwedRemoval,
): boolean {
  const { databases, hooks } = ports
  const { tallyId, claim } = removal
  // A build that is under way cancels the removal, or leaves it for later.
  if (databases.isRemoving(tallyId) || databases.isBuilding(tallyId)) return false
  if (isClaimed(ports, claim)) return false
  if (transaction.isTallyWanted(tallyId)) transaction.settleRemoval(tallyId)
  else if (hooks.database.deprovision !== undefined) return true
  else if (transaction.settleRemoval(tallyId) !== undefined)
    audit(ports, transaction, removal, 'notice', 'left')
  return false
}

async function settleOne(
  ports: DatabaseRemovalPorts,
  removal: OwedRemoval,
  owner: string,
): Promise<void> {
  // A build that is under way may leave something behind after the removal, and be over before the removal is.
  const isLate = ports.databases.isCalled(removal.tallyId)
  const problem = await ports.databases.remove(ports, removal)
  const { durable } = ports.store.transact((transaction) => {
    if (problem !== undefined) failed(ports, transaction, removal, owner, problem)
    else if (isLate) postponed(ports, transaction, removal, owner)
    else if (transaction.finishRemoval(removal.tallyId, owner))
      audit(ports, transaction, removal, 'info', 'removed')
  })
  await durable
}

/** Removes it once more later: a build that was given up has not answered yet, and may still leave a database behind. */
function postponed(
  { clock }: Pick<DatabaseRemovalPorts, 'clock'>,
  transaction: StoreTransaction,
  { tallyId, tries }: OwedRemoval,
  owner: string,
): void {
  const nextAt = clock.now() + pauseAfter(tries)
  transaction.failRemoval(tallyId, owner, 'the build has not answered yet', nextAt)
}

function failed(
  ports: DatabaseRemovalPorts,
  transaction: StoreTransaction,
  removal: OwedRemoval,
  owner: string,
  detail: string,
): void {
  const { tallyId, tries } = removal
  transaction.failRemoval(tallyId, owner, detail, ports.clock.now() + pauseAfter(tries))
  audit(ports, transaction, removal, 'warning', 'removal failed')
}

function audit(
  { clock }: Pick<DatabaseRemovalPorts, 'clock'>,
  transaction: StoreTransaction,
  removal: OwedRemoval,
  severity: 'info' | 'notice' | 'warning',
  event: string,
): void {
  const { sessionId, redemptionId, peerId, tallyId, reason, tries } = removal
  transaction.appendAudit({
    type: 'database',
    severity,
    at: clock.now(),
    monotonic: clock.monotonic(),
    sessionId,
    redemptionId,
    peerId,
    data: { event, tallyId, reason, tries: tries + 1 },
  })
}
