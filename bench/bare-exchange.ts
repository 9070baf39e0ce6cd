import type { Stream } from '@libp2p/interface'
import { StreamMessageEvent } from '@libp2p/interface'
import type { BareFrame } from './bare-frames.ts'
import { wireBytes } from './bare-frames.ts'

export const BARE_PROTOCOL = '/taleus/bench/bare/1.0.0'

/** The two moments of an exchange. Both reject if the stream ends before its time. */
export interface BareExchange {
  /** This side has sent and received all it should. */
  readonly done: Promise<void>
  /** Both directions of the stream are closed. */
  readonly closed: Promise<void>
}

/** Messages until the invitee has its first answer. */
export const FIRST_ANSWER = 2

/**
 * Plays one side of an exchange of messages on a fresh stream: bytes are counted, never looked at.
 * What stays is what any protocol on libp2p pays.
 * @param upTo how many messages are played; the stream stays open if there are more
 */
export function playExchange(
  stream: Stream,
  side: BareFrame['from'],
  frames: readonly BareFrame[],
  upTo = frames.length,
): BareExchange {
  const done = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  let position = 0
  let unread = 0

  const advance = (): void => {
    for (let frame = frames[position]; frame && position < upTo; frame = frames[position]) {
      const size = wireBytes(frame)
      if (frame.from === side) stream.send(new Uint8Array(size))
      else if (unread >= size) unread -= size
      else return
      position++
    }
    done.resolve()
    if (position < frames.length) return
    stream.close().catch((error: unknown) => closed.reject(error))
  }
  stream.addEventListener('message', (event) => {
    if (!(event instanceof StreamMessageEvent)) return
    unread += event.data.byteLength
    advance()
  })
  stream.addEventListener('close', () => {
    if (position === frames.length) return closed.resolve()
    const early = new Error(`the stream ended after ${position} of ${frames.length} messages`)
    done.reject(early)
    closed.reject(early)
  })
  advance()
  return { done: done.promise, closed: closed.promise }
}
