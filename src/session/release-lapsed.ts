import { describeThrown } from './call-hook.ts'
import type { LapsedReservation } from './ports/store.ts'
import type { SessionPorts } from './session-ports.ts'

/** How many are released in one transaction. */
const BATCH = 100

/** Free the uses that were reserved for somebody who never came back, and take back what was built for them. */
export function releaseLapsed(
  ports: SessionPorts,
  isRunning: (redemptionId: string) => boolean,
): void {
  try {
    const released = releaseBatch(ports, isRunning)
    for (const each of released) removeDatabase(ports, each)
  } catch (error) {
    ports.observer.storeFailed(error)
  }
}

function releaseBatch(
  ports: SessionPorts,
  isRunning: (redemptionId: string) => boolean,
): readonly LapsedReservation[] {
  const { clock, store, config } = ports
  const now = clock.now()
  return store.transact((transaction) => {
    transaction.pruneJournal(config.maxSessionHistory)
    return transaction.lapsed(now, BATCH).filter((each) => {
      const { claim, tokenId, peerId, sessionId } = each
      if (isRunning(claim.redemptionId)) return false
      if (!transaction.release(claim, 'lapsed', now)) return false
      transaction.appendAudit({
        type: 'token',
        severity: 'notice',
        at: now,
        mono: clock.monotonic(),
        sessionId,
        redemptionId: claim.redemptionId,
        tokenId,
        peerId,
        data: { event: 'released', reason: 'lapsed', fence: claim.fence },
      })
      return true
    })
  }).value
}

function removeDatabase(ports: SessionPorts, { claim, state, ...who }: LapsedReservation): void {
  const { database } = ports.hooks
  if (state !== 'provisioning' || database.deprovision === undefined) return
  const failed = (error: unknown): void =>
    ports.hookComplaint('database.deprovision', describeThrown(error))
  const context = {
    signal: new AbortController().signal,
    sessionId: who.sessionId,
    redemptionId: claim.redemptionId,
    fence: claim.fence,
    deadline: ports.clock.now() + ports.config.provisionTimeoutMs,
    peerId: who.peerId,
  }
  try {
    Promise.resolve(database.deprovision(claim.tallyId, context)).catch(failed)
  } catch (error) {
    failed(error)
  }
}
