import { pauseAfter } from './back-off.ts'
import type { OwedRemoval, RemovalOrder, StoreTransaction } from './ports/store.ts'
import type { SessionPorts } from './session-ports.ts'

/** Removals begun at once. */
const BATCH = 50

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
 * @returns when every one of them has been tried once; how many that were
 */
export async function settleRemovals(ports: SessionPorts): Promise<number> {
  try {
    const due = await claimDue(ports)
    await Promise.all(due.map((removal) => settleOne(ports, removal)))
    return due.length
  } catch (error) {
    ports.observer.storeFailed(error)
    return 0
  }
}

/** Until none is due any more. What failed is not: it is due again later. */
export async function settleAllRemovals(ports: SessionPorts): Promise<void> {
  while ((await settleRemovals(ports)) > 0);
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
    if (problem !== undefined) failed(ports, transaction, removal, problem)
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
  const nextAt = clock.now() + pauseAfter(removal.tries)
  transaction.failRemoval(removal.tallyId, 'the build has not answered yet', nextAt)
}

function failed(
  ports: SessionPorts,
  transaction: StoreTransaction,
  removal: OwedRemoval,
  detail: string,
): void {
  transaction.failRemoval(removal.tallyId, detail, ports.clock.now() + pauseAfter(removal.tries))
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
