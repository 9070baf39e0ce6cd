import type { Clock } from '../ports/clock.ts'
import type { LapsedReservation } from '../ports/reservation.ts'
import type { SessionStore } from '../ports/store.ts'
import type { WorkOutcome } from '../ports/work.ts'
import type { InviterWrite } from '../ports/write.ts'
import { LAPSED_REASON } from '../ports/write-records.ts'
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
  if (lapsed.length === 0) return []
  const { outcome, durable } = store.submit(lapsed.map((each) => lapsedRelease(each, clock)))
  const [known] = await Promise.all([outcome, durable])
  return lapsed.filter((_each, place) => isReleased(known, place))
}

function isReleased(known: WorkOutcome, place: number): boolean {
  const answer = known.kind === 'applied' ? known.answers[place] : undefined
  return answer !== undefined && 'isReleased' in answer && answer.isReleased
}

/** The write that frees a use whose reservation is past its deadline. */
export function lapsedRelease(
  { claim, tokenId, sessionId, peerId }: LapsedReservation,
  clock: Clock,
): InviterWrite {
  const [now, monotonic] = [clock.now(), clock.monotonic()]
  const facts = { sessionId, peerId, at: now, monotonic }
  return { op: 'release', claim, tokenId, reason: LAPSED_REASON, now, facts }
}
