import { SyncFrameError } from '../../protocol/errors.ts'
import { decodeSyncFrame, type TallyHeads } from '../../protocol/sync/sync-frames.ts'
import { MAX_SYNC_MESSAGE_BYTES, MAX_SYNC_TALLIES } from '../../protocol/sync/sync-limits.ts'
import type { SyncChannel } from './sync-ports.ts'

/** The partner's heads, put together from their frames. */
export interface HeadsTold {
  readonly tallies: readonly TallyHeads[]
  readonly addresses: readonly string[]
}

/** @throws SyncFrameError, and what the channel throws */
export async function receiveHeads(channel: SyncChannel): Promise<HeadsTold> {
  const tallies: TallyHeads[] = []
  let addresses: readonly string[] = []
  for (;;) {
    const frame = decodeSyncFrame(await channel.receive())
    if (frame.type !== 'heads') throw new SyncFrameError('heads are due')
    if (tallies.length === 0) addresses = frame.addresses
    tallies.push(...frame.tallies)
    const isEndless = frame.more && frame.tallies.length === 0
    if (isEndless || tallies.length > MAX_SYNC_TALLIES) throw new SyncFrameError('too many tallies')
    if (!frame.more) return { tallies, addresses }
  }
}

/**
 * Reads one message about a tally, all its parts.
 * @returns undefined if the partner will not go on with it
 * @throws SyncFrameError, and what the channel throws
 */
export async function receiveMessage(
  channel: SyncChannel,
  tallyId: string,
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  for (;;) {
    const frame = decodeSyncFrame(await channel.receive())
    if (frame.type === 'stop' && frame.tallyId === tallyId && parts.length === 0) return undefined
    if (frame.type !== 'part') throw new SyncFrameError('a part of a message is due')
    length += frame.bytes.length
    const isEndless = !frame.isLast && frame.bytes.length === 0
    if (isEndless || length > MAX_SYNC_MESSAGE_BYTES) throw new SyncFrameError('it is too long')
    parts.push(frame.bytes)
    if (frame.isLast) return Buffer.concat(parts)
  }
}
