import type { ForwardOnlyClock } from '../../session/clock/forward-only-clock.ts'
import { recordExpiredTokens } from '../../session/upkeep/record-expired-tokens.ts'
import { StoreError } from '../../store/errors.ts'
import type { Store } from '../../store/transaction/store.ts'

/**
 * Records invitations that have run out since anybody looked; a listener does so by itself. Nothing is written unless
 * there are any, and a reader may go on while the disk is full: the next look notes them.
 * @throws StoreDamagedError
 */
export async function seeExpired(store: Store, clock: ForwardOnlyClock): Promise<void> {
  try {
    const now = clock.now()
    if (store.read(({ expiry }) => expiry.isDue(now))) await recordExpiredTokens({ store, clock })
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
  }
}
