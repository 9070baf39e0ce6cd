import type { AuditDraft } from '../../audit/record/record.ts'
import { compact } from '../../protocol/base/compact.ts'
import { pauseAfter } from '../host/back-off.ts'
import type { RemovalPorts, TallyDatabases } from '../host/tally-databases.ts'
import type { Lease } from '../ports/attempt.ts'
import type { Clock } from '../ports/clock.ts'
import type { OwedRemoval, RemovalOrder } from '../ports/removals.ts'
import type { SessionStore } from '../ports/store.ts'
import type { Write } from '../ports/write.ts'
import { answeredAll, written } from '../ports/written.ts'

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
    await written(ports.store, [{ op: 'oweRemoval', order, now: ports.clock.now() }])
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
  const due = await store.lookups.removals.due(clock.now(), BATCH)
  const claim = newClaim(ports)
  const mine = due.filter((removal) => isUp(ports, removal))
  const writes = mine.map((each) => claimOf(ports, each, claim))
  const answers = await answeredAll<'claimRemoval'>(store, writes)
  return mine
    .filter((_removal, place) => answers[place]?.result === 'claimed')
    .map((removal) => ({ removal, owner: claim.owner }))
}

function isUp(ports: DatabaseRemovalPorts, { tallyId, claim }: OwedRemoval): boolean {
  const { databases } = ports
  // A build that is under way cancels the removal, or leaves it for later.
  if (databases.isRemoving(tallyId) || databases.isBuilding(tallyId)) return false
  return !isClaimed(ports, claim)
}

function claimOf(
  ports: DatabaseRemovalPorts,
  removal: OwedRemoval,
  claim: Lease,
): Extract<Write, { readonly op: 'claimRemoval' }> {
  const { tallyId, claim: voidClaim } = removal
  const isPossible = ports.hooks.database.deprovision !== undefined
  const left = recordOf(ports, removal, 'notice', 'left')
  const now = ports.clock.now()
  return compact({ op: 'claimRemoval', tallyId, claim, voidClaim, isPossible, now, left })
}

async function settleOne(
  ports: DatabaseRemovalPorts,
  removal: OwedRemoval,
  owner: string,
): Promise<void> {
  const { tallyId } = removal
  // A build that is under way may leave something behind after the removal, and be over before the removal is.
  const isLate = ports.databases.isCalled(tallyId)
  const problem = await ports.databases.remove(ports, removal)
  await written(ports.store, [settling(ports, removal, owner, { problem, isLate })])
}

function settling(
  ports: DatabaseRemovalPorts,
  removal: OwedRemoval,
  owner: string,
  { problem, isLate }: { readonly problem: string | undefined; readonly isLate: boolean },
): Write {
  const { tallyId, tries } = removal
  const nextAt = ports.clock.now() + pauseAfter(tries)
  if (problem !== undefined) {
    const record = recordOf(ports, removal, 'warning', 'removal failed')
    return { op: 'failRemoval', tallyId, owner, error: problem, nextAt, record }
  }
  // Once more later: a build that was given up has not answered yet, and may still leave a database behind.
  if (isLate)
    return { op: 'failRemoval', tallyId, owner, error: 'the build has not answered yet', nextAt }
  const record = recordOf(ports, removal, 'info', 'removed')
  return { op: 'finishRemoval', tallyId, owner, record }
}

function recordOf(
  { clock }: Pick<DatabaseRemovalPorts, 'clock'>,
  { sessionId, redemptionId, peerId, tallyId, reason, tries }: OwedRemoval,
  severity: 'info' | 'notice' | 'warning',
  event: string,
): AuditDraft {
  return {
    type: 'database',
    severity,
    at: clock.now(),
    monotonic: clock.monotonic(),
    sessionId,
    redemptionId,
    peerId,
    data: { event, tallyId, reason, tries: tries + 1 },
  }
}
