import type { LapsedReservation } from './ports/store.ts'
import type { SessionPorts } from './session-ports.ts'

/** How many are released in one transaction. */
const BATCH = 100

/** Free the uses that were reserved for somebody who never came back, and take back what was built for them. */
export async function releaseLapsed(
  ports: SessionPorts,
  isRunning: (redemptionId: string) => boolean,
): Promise<void> {
  try {
    const { value, durable } = releaseBatch(ports, isRunning)
    await durable
    for (const each of value) takeBack(ports, each)
  } catch (error) {
    ports.observer.storeFailed(error)
  }
}

function releaseBatch(ports: SessionPorts, isRunning: (redemptionId: string) => boolean) {
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
  })
}

function takeBack(ports: SessionPorts, lapsed: LapsedReservation): void {
  const { claim, state, sessionId, peerId } = lapsed
  const { redemptionId, fence, tallyId } = claim
  if (state !== 'provisioning') return
  const removal = { sessionId, redemptionId, fence, peerId }
  ports.databases.removeUnlessWanted(ports, tallyId, removal)
}
