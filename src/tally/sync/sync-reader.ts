import { SyncFrameError } from '../../protocol/errors.ts'
import type { ChangeSignature } from '../../protocol/sync/change-signature.ts'
import {
  decodeSyncFrame,
  type SyncFrame,
  type TallyHeads,
} from '../../protocol/sync/sync-frames.ts'
import {
  MAX_DIFFERENT_TALLIES,
  MAX_SYNC_MESSAGE_BYTES,
  MAX_SYNC_SIGNATURES,
} from '../../protocol/sync/sync-limits.ts'
import type { SyncChannel, SyncTurn } from './sync-ports.ts'

/** Reads what the seeker asks about. @throws SyncFrameError, and what the channel throws */
export async function receiveDigests(channel: SyncChannel) {
  const frame = decodeSyncFrame(await channel.receive())
  if (frame.type !== 'digests') throw new SyncFrameError('digests are due')
  if (new Set(frame.digests).size < frame.digests.length) {
    throw new SyncFrameError('a document is named twice')
  }
  return frame
}

/** Reads which of so many documents differ. @throws SyncFrameError, and what the channel throws */
export async function receiveDiffer(channel: SyncChannel, asked: number) {
  const frame = decodeSyncFrame(await channel.receive())
  if (frame.type !== 'differ') throw new SyncFrameError('places that differ are due')
  if (frame.at.some((place, nth) => place >= asked || place <= (frame.at[nth - 1] ?? -1))) {
    throw new SyncFrameError('a place is of no document, or not in its order')
  }
  return frame
}

/** Reads the partner's heads, over as many frames as they take. @throws SyncFrameError, and what the channel throws */
export async function receiveHeads(channel: SyncChannel): Promise<readonly TallyHeads[]> {
  const tallies: TallyHeads[] = []
  for (;;) {
    const frame = decodeSyncFrame(await channel.receive())
    if (frame.type !== 'heads') throw new SyncFrameError('heads are due')
    tallies.push(...frame.tallies)
    const isEndless = frame.more && frame.tallies.length === 0
    if (isEndless || tallies.length > MAX_DIFFERENT_TALLIES) {
      throw new SyncFrameError('too many tallies')
    }
    if (!frame.more) return tallies
  }
}

/**
 * Reads one turn about a tally, all its parts and the signatures before them.
 * @returns undefined if the partner will not go on with it
 * @throws SyncFrameError, and what the channel throws
 */
export async function receiveTurn(
  channel: SyncChannel,
  tallyId: string,
): Promise<SyncTurn | undefined> {
  const signatures = new Map<string, ChangeSignature>()
  let wantsAll = false
  for (;;) {
    const frame = decodeSyncFrame(await channel.receive())
    const isFirst = signatures.size === 0 && !wantsAll
    if (frame.type === 'stop' && frame.tallyId === tallyId && isFirst) return undefined
    if (frame.type !== 'signatures') {
      const message = await receiveMessage(channel, frame)
      return { message, signatures: [...signatures.values()], wantsAll }
    }
    const due = signatures.size + frame.signatures.length
    for (const each of frame.signatures) signatures.set(each.change, each)
    const isEndless = frame.signatures.length === 0 && !(isFirst && frame.wantsAll)
    if (isEndless || due > MAX_SYNC_SIGNATURES) throw new SyncFrameError('too many signatures')
    if (signatures.size < due) throw new SyncFrameError('a change is signed twice')
    wantsAll ||= frame.wantsAll
  }
}

async function receiveMessage(channel: SyncChannel, first: SyncFrame): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for (let frame = first; ; frame = decodeSyncFrame(await channel.receive())) {
    if (frame.type !== 'part') throw new SyncFrameError('a part of a message is due')
    length += frame.bytes.length
    const isEndless = !frame.isLast && frame.bytes.length === 0
    if (isEndless || length > MAX_SYNC_MESSAGE_BYTES) throw new SyncFrameError('it is too long')
    parts.push(frame.bytes)
    if (frame.isLast) return Buffer.concat(parts)
  }
}
