import type { MessageStream } from '@libp2p/interface'
import type { NetworkLimits } from '../../base/limits.ts'
import { toError } from '../../base/to-error.ts'
import type { FrameTurns } from '../../guard/frame-turns.ts'
import { type FrameReader, PacedFrames } from '../../guard/paced-frames.ts'
import { UnnegotiatedBytes } from '../../guard/unnegotiated-bytes.ts'
import { type PatchedPackage, requireMethods } from '../packages.ts'

// The guards that every muxer has. Written for muxers and streams of @libp2p/utils 7.4.1: replace their methods `onData`.

/** Bytes as muxers hand them on. */
interface Bytes {
  subarray(): Uint8Array
}

interface GuardedMuxer {
  readonly status: string
  onData(bytes: Uint8Array | (Bytes & { readonly byteLength: number })): void
  abort(error: Error): void
}

interface GuardedStream {
  readonly protocol: string
  onData(data: Bytes): void
  abort(error: Error): void
}

/** Has a muxer take a bounded number of frames in a turn, and none that is none. */
export function paceMuxer(
  muxer: GuardedMuxer,
  connection: MessageStream,
  frames: FrameReader,
  turns: FrameTurns,
  limits: Pick<NetworkLimits, 'maxUnsentBytes'>,
): void {
  // Beside what its streams hold, each within its window.
  connection.maxWriteBufferLength = limits.maxUnsentBytes
  const paced = new PacedFrames({
    connection,
    frames,
    turns,
    take: muxer.onData.bind(muxer),
    fail: (error) => {
      muxer.abort(toError(error))
      connection.abort(toError(error))
    },
    isOpen: () => muxer.status !== 'closed',
  })
  muxer.onData = (bytes) => paced.push(bytes.subarray())
}

/** Aborts an inbound stream that sends more than `budget` bytes before it has a protocol. @param kind what the package calls it */
export function guardStream(
  stream: GuardedStream,
  budget: number,
  inside: PatchedPackage,
  kind: string,
): void {
  requireMethods(stream, ['onData', 'abort'], inside, kind)
  const bytes = new UnnegotiatedBytes(budget)
  const onData = stream.onData.bind(stream)
  stream.onData = (data) => {
    if (stream.protocol !== '' || bytes.accept(data.subarray())) onData(data)
    else stream.abort(new Error('too much before a protocol was agreed'))
  }
}
