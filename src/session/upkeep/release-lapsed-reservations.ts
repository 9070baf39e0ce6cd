import type { LapsedReservation, StoreTransaction } from '../ports/store.ts'
import { tellHostUseReleased } from './tell-host-use-released.ts'
import type { UseNoticePorts } from './use-notices.ts'

/** Reservations released in one transaction. */
const BATCH = 100

/** Frees the uses whose reservation is past its deadline and has no session, and owes the removal of their databases. */
export async function releaseLapsedReservations(
  ports: UseNoticePorts,
  isRunning: (redemptionId: string) => boolean,
): Promise<void> {
  const { clock, store } = ports
  try {
    for (;;) {
      const now = clock.now()
      const { value: released, durable } = store.transact((transaction) =>
        transaction
          .lapsed(now, BATCH)
          .filter((each) => !isRunning(each.claim.redemptionId))
          .filter((each) => releaseLapsedReservation(ports, transaction, each, now)),
      )
      await durable
      for (const each of released) tellHostUseReleased(ports, each)
      if (released.length < BATCH) return
    }
  } catch (error) {
    ports.storeFailed(error)
  }
}

/** Releases one reservation. False if another session took over. */
export function releaseLapsedReservation(
  { clock }: Pick<UseNoticePorts, 'clock'>,
  transaction: StoreTransaction,
  { claim, tokenId, peerId, sessionId, state }: LapsedReservation,
  now: number,
): boolean {
  if (!transaction.release(claim, 'lapsed', now)) return false
  const { redemptionId, fence, tallyId } = claim
  if (state === 'provisioning') {
    const reason = 'lapsed'
    transaction.oweRemoval({ tallyId, redemptionId, fence, sessionId, peerId, reason }, now)
  }
  transaction.appendAudit({
    type: 'token',
    severity: 'notice',
    at: now,
    monotonic: clock.monotonic(),
    sessionId,
    redemptionId,
    tokenId,
    peerId,
    data: { event: 'released', reason: 'lapsed', fence },
  })
  return true
}
