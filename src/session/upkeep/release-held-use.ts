import type { AuditDraft } from '../../audit/record/record.ts'
import type { Clock } from '../ports/clock.ts'
import type { SessionStore } from '../ports/store.ts'
import type { LapsedReservation } from '../ports/uses/reservation.ts'
import { answered } from '../ports/written.ts'

/** A session that is over, and the redemption that it was about. */
export interface Holder {
  readonly sessionId: string
  readonly redemptionId: string
}

/**
 * Gives back the use that a session which is over still holds, at the operator's word. A yes that it was held for is gone with it.
 * Committed uses stay: the peer may hold the answer.
 * @param record of who gave the command, appended if it changes something
 * @returns what was given back; undefined if it held nothing, or a later session has gone on with it
 * @throws StoreError
 */
export async function releaseHeldUse(
  { store, clock }: { readonly store: SessionStore; readonly clock: Clock },
  { sessionId, redemptionId }: Holder,
  record: AuditDraft,
): Promise<LapsedReservation | undefined> {
  const held = await store.lookups.redemptions.standing(redemptionId)
  if (held?.sessionId !== sessionId) return undefined
  const { claim, tokenId, peerId } = held
  const [now, monotonic] = [clock.now(), clock.monotonic()]
  const facts = { sessionId, peerId, at: now, monotonic }
  const release = {
    op: 'release',
    claim,
    tokenId,
    reason: 'cancelled',
    now,
    facts,
    record,
  } as const
  // A session that has taken it over meanwhile has another fence.
  return (await answered(store, 'release', release)).isReleased ? held : undefined
}
