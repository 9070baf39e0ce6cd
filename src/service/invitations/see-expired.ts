import type { ForwardOnlyClock } from '../../session/clock/forward-only-clock.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import { recordExpiredTokens } from '../../session/upkeep/record-expired-tokens.ts'
import { StoreError } from '../../store/errors.ts'

/**
 * Records invitations that have run out since anybody looked; a listener does so by itself. Nothing is written unless
 * there are any, and a reader may go on while the disk is full: the next look notes them.
 * @throws StoreDamagedError
 */
export async function seeExpired(store: SessionStore, clock: ForwardOnlyClock): Promise<void> {
  try {
    await recordExpiredTokens({ store, clock })
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
  }
}
