import { BOOTSTRAP_PROTOCOL } from '../../stream/bootstrap-protocol.ts'
import { requireMethods } from '../packages.ts'
import type { YamuxMuxer, YamuxStream } from './yamux.ts'

/**
 * The bytes by which a peer opens a bootstrap stream, if it asks for nothing else: two lines, each after its length. Those
 * of the answer are the same.
 */
const GREETING = Buffer.concat(
  ['/multistream/1.0.0', BOOTSTRAP_PROTOCOL].map((line) =>
    Buffer.from(`${String.fromCharCode(line.length + 1)}${line}\n`),
  ),
)

/** The data of a frame, as much of it as is needed here. */
interface FrameData {
  subarray(): Uint8Array
}

/** Opens inbound streams of one muxer. */
export interface StreamOpener {
  /** @param announce makes the stream known to libp2p */
  open(stream: YamuxStream, announce: (stream: YamuxStream) => void): void
}

/**
 * Answers the negotiation of a stream by itself if the very frame that opens the stream brings all of it, and asks for
 * a bootstrap. libp2p's own answer is the same in two frames instead of one, after it has read a byte at a time by promises:
 * a quarter of what a stream costs. Anything else is left to it.
 *
 * Written for @chainsafe/libp2p-yamux 8.0.1: replaces the method `handleStreamMessage` of a muxer, which calls
 * `onRemoteStream` and then `onData` of the stream for a frame that opens one; and for libp2p 3.3.11, which negotiates
 * nothing on a stream that has its protocol.
 * @param isServed whether the node takes bootstraps at the moment
 * @throws PatchedInternalsError
 */
export function knowGreeting(muxer: YamuxMuxer, isServed: () => boolean): StreamOpener {
  requireMethods(muxer, ['handleStreamMessage'], '@chainsafe/libp2p-yamux', 'YamuxMuxer')
  const handle: (frame: unknown) => void = Reflect.get(muxer, 'handleStreamMessage').bind(muxer)
  let data: FrameData | undefined
  Reflect.set(muxer, 'handleStreamMessage', (frame: { readonly data?: FrameData }) => {
    data = frame.data
    handle(frame)
    data = undefined
  })
  return {
    open(stream, announce) {
      // One that nobody takes yet is kept until somebody does: without a protocol it may hold little until then.
      const isTaken = muxer.listenerCount('stream') > 0
      const isKnown = data !== undefined && isGreeting(data.subarray()) && isServed()
      if (isTaken && isKnown && isAnswered(stream)) {
        passOver(stream, GREETING.length)
        stream.protocol = BOOTSTRAP_PROTOCOL
      }
      announce(stream)
    },
  }
}

function isGreeting(bytes: Uint8Array): boolean {
  return bytes.length >= GREETING.length && GREETING.equals(bytes.subarray(0, GREETING.length))
}

/** False if nothing can be sent any more: the stream is aborted by then, and libp2p finds it so. */
function isAnswered(stream: YamuxStream): boolean {
  try {
    stream.send(GREETING)
    return true
  } catch {
    return false
  }
}

/** Keeps the first bytes from a stream. */
function passOver(stream: YamuxStream, length: number): void {
  const onData = stream.onData.bind(stream)
  stream.onData = (data) => {
    stream.onData = onData
    onData(data.subarray(length))
  }
}
