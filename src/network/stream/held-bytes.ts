import type { Stream } from '@libp2p/interface'
import type { FrameInbox } from './frame-inbox.ts'

/** Of streams that are read here, as long as anybody holds them. */
const inboxes = new WeakMap<Stream, FrameInbox>()

/** From now on `heldBytes` counts what is kept in the inbox. */
export function readInto(stream: Stream, inbox: FrameInbox): void {
  inboxes.set(stream, inbox)
}

/** Bytes that a stream keeps in memory: unread and unsent ones of libp2p's, and frames that are not told yet. */
export function heldBytes(stream: Stream): number {
  const { readBufferLength, writeBufferLength } = stream
  return readBufferLength + writeBufferLength + (inboxes.get(stream)?.heldBytes ?? 0)
}
