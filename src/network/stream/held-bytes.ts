import type { Stream } from '@libp2p/interface'
import type { FrameInbox } from './frame-inbox.ts'

/** The inboxes of streams, each as long as anybody holds its stream. */
const inboxes = new WeakMap<Stream, FrameInbox>()

/** Makes `heldBytes` count what is kept in the inbox of a stream. */
export function readInto(stream: Stream, inbox: FrameInbox): void {
  inboxes.set(stream, inbox)
}

/** Counts the bytes that a stream keeps in memory: unread and unsent ones of libp2p's, and frames that are not told yet. */
export function heldBytes(stream: Stream): number {
  const { readBufferLength, writeBufferLength } = stream
  return readBufferLength + writeBufferLength + (inboxes.get(stream)?.heldBytes ?? 0)
}
