import { MAX_CADRE_ADDRESS } from '../../protocol/message/message-limits.ts'
import { MAX_SYNC_ADDRESSES } from '../../protocol/sync/sync-limits.ts'

/**
 * Lists where a partner is told to find this side: the nodes that it nominates, then those where it listens, as many as a
 * message may name.
 */
export function toldAddresses(
  cadre: readonly string[],
  listening: readonly string[],
): readonly string[] {
  return [...new Set([...cadre, ...listening])]
    .filter(({ length }) => length <= MAX_CADRE_ADDRESS)
    .slice(0, MAX_SYNC_ADDRESSES)
}
