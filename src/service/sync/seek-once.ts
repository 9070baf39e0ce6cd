import { withDeadline } from '../redeeming/with-deadline.ts'
import type { TallyRecord } from '../tallies/read-tally.ts'
import { type PartnerMet, type SeekPorts, seekPartner } from './seek-partner.ts'

/** How long one partner is sought, and synced with, ms. */
const MAX_SEEK_MS = 60_000

const OF_PARTNER: ReadonlySet<unknown> = new Set([
  'unreachable',
  'interrupted',
  'wrong_peer',
  'protocol_unsupported',
  'transport_closed',
  'sync_frame_malformed',
])

/**
 * Seeks a partner, once. Makes a result of the partner's failures and the network's, and notes that it was missed; this
 * side's own are thrown.
 * @throws StoreError
 */
export async function seekOnce(
  ports: SeekPorts,
  peerId: string,
  tallies: readonly TallyRecord[],
  interrupted: AbortSignal,
): Promise<PartnerMet | Error> {
  try {
    return await withDeadline(MAX_SEEK_MS, interrupted, (signal) =>
      seekPartner(ports, peerId, tallies, signal),
    )
  } catch (error) {
    if (!(error instanceof Error && isOfPartner(error))) throw error
    if (interrupted.aborted) return error
    const at = ports.now()
    await ports.store.write(({ tallySyncs }) => {
      for (const { tallyId } of tallies) tallySyncs.noteMissed(tallyId, at)
    })
    return error
  }
}

function isOfPartner(error: Error): boolean {
  return 'code' in error && OF_PARTNER.has(error.code)
}
