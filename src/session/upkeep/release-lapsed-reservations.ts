import type { Clock } from '../ports/clock.ts'
import type { SessionStore } from '../ports/store.ts'
import type { LapsedReservation } from '../ports/uses/reservation.ts'
import type { InviterWrite } from '../ports/write.ts'
import { LAPSED_REASON } from '../ports/write-records.ts'
import { answeredAll } from '../ports/written.ts'
import { tellHostUseReleased } from './tell-host-use-released.ts'
import type { UseNoticePorts } from './use-notices.ts'

/** Reservations released at once. */
const BATCH = 100

/** Frees the uses whose reservation is past its deadline and has no session, and owes the removal of their databases. */
export async function releaseLapsedReservations(
  ports: UseNoticePorts,
  isRunning: (sessionId: string) => boolean,
): Promise<void> {
  const { clock, store } = ports
  try {
    for (;;) {
      const lapsed = await store.lookups.redemptions.lapsed(clock.now(), BATCH)
      const released = await releaseAll(
        store,
        lapsed.filter(({ sessionId }) => !isRunning(sessionId)),
        clock,
      )
      for (const each of released) tellHostUseReleased(ports, each)
      if (released.length < BATCH) return
    }
  } catch (error) {
    ports.storeFailed(error)
  }
}

/** @returns those that nobody else has taken over */
async function releaseAll(
  store: SessionStore,
  lapsed: readonly LapsedReservation[],
  clock: Clock,
): Promise<readonly LapsedReservation[]> {
  const writes = lapsed.map((each) => lapsedRelease(each, clock))
  const answers = await answeredAll<'release'>(store, writes)
  return lapsed.filter((_each, place) => answers[place]?.isReleased === true)
}

/** The write that frees a use whose reservation is past its deadline. */
export function lapsedRelease(
  { claim, tokenId, sessionId, peerId }: LapsedReservation,
  clock: Clock,
): Extract<InviterWrite, { readonly op: 'release' }> {
  const [now, monotonic] = [clock.now(), clock.monotonic()]
  const facts = { sessionId, peerId, at: now, monotonic }
  return { op: 'release', claim, tokenId, reason: LAPSED_REASON, now, facts }
}
