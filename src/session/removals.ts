import { describeThrown } from './describe-thrown.ts'
import type { OwedRemoval, RemovalOrder, StoreTransaction } from './ports/store.ts'
import type { SessionPorts } from './session-ports.ts'

/** Removals begun at once. */
const BATCH = 50

/** After the first failure, ms; doubled with each further one. */
const FIRST_RETRY_MS = 1_000

/** The longest pause between two tries, ms: an hour, so that a server that is back is soon tidy. */
const MAX_RETRY_MS = 3_600_000

/**
 * Owe a removal that no transition brings with it, and do it as soon as that is durable. What the store holds as
 * owed is never forgotten.
 */
export async function oweRemovalNow(ports: SessionPorts, order: RemovalOrder): Promise<void> {
  try {
    await ports.store.transact((transaction) => transaction.oweRemoval(order, ports.clock.now()))
      .durable
    ports.settleRemovals()
  } catch (error) {
    ports.observer.storeFailed(error)
  }
}

/**
 * Do the removals that are due. Each failure is noted and tried again later, for ever.
 * @returns when every one of them has been tried once
 */
export async function settleRemovals(ports: SessionPorts): Promise<void> {
  try {
    const due = await claimDue(ports)
    await Promise.all(due.map((removal) => settleOne(ports, removal)))
  } catch (error) {
    ports.observer.storeFailed(error)
  }
}

/** What somebody wants again by now is not removed after all. */
async function claimDue(ports: SessionPorts): Promise<readonly OwedRemoval[]> {
  const { clock, store, databases, hooks } = ports
  const { value, durable } = store.transact((transaction) =>
    transaction.dueRemovals(clock.now(), BATCH).filter((removal) => {
      // Who builds it now settles it, or leaves it to be removed later.
      if (databases.isRemoving(removal.tallyId) || databases.isBuilding(removal.tallyId))
        return false
      if (!transaction.isTallyWanted(removal.tallyId)) {
        if (hooks.database.deprovision !== undefined) return true
        settled(ports, transaction, removal, 'left')
        return false
      }
      transaction.settleRemoval(removal.tallyId)
      return false
    }),
  )
  await durable
  return value
}

async function settleOne(ports: SessionPorts, removal: OwedRemoval): Promise<void> {
  // A build that is under way may leave something behind after the removal, and be over before the removal is.
  const isLate = ports.databases.isCalled(removal.tallyId)
  const problem = await ports.databases.remove(ports, removal)
  const { durable } = ports.store.transact((transaction) => {
    if (problem !== undefined) failed(ports, transaction, removal, describeThrown(problem))
    else if (isLate) postponed(ports, transaction, removal)
    else settled(ports, transaction, removal, 'removed')
  })
  await durable
}

function settled(
  ports: SessionPorts,
  transaction: StoreTransaction,
  removal: OwedRemoval,
  event: 'removed' | 'left',
): void {
  if (!transaction.settleRemoval(removal.tallyId)) return
  audit(ports, transaction, removal, event === 'left' ? 'notice' : 'info', event)
}

/** A build that was given up has not answered yet: what it may still leave behind has to go too. */
function postponed(
  { clock }: SessionPorts,
  transaction: StoreTransaction,
  removal: OwedRemoval,
): void {
  const nextAt = clock.now() + pauseAfter(removal)
  transaction.failRemoval(removal.tallyId, 'the build has not answered yet', nextAt)
}

function pauseAfter({ tries }: OwedRemoval): number {
  return Math.min(FIRST_RETRY_MS * 2 ** tries, MAX_RETRY_MS)
}

function failed(
  ports: SessionPorts,
  transaction: StoreTransaction,
  removal: OwedRemoval,
  detail: string,
): void {
  transaction.failRemoval(removal.tallyId, detail, ports.clock.now() + pauseAfter(removal))
  audit(ports, transaction, removal, 'warning', 'removal failed')
}

function audit(
  { clock }: SessionPorts,
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
