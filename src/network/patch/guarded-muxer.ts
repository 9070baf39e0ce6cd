import { yamux } from '@chainsafe/libp2p-yamux'
import type { MessageStream, StreamMuxerFactory } from '@libp2p/interface'
import type { NetworkLimits } from '../base/limits.ts'
import { toError } from '../base/to-error.ts'
import { ControlBudget } from '../guard/control-budget.ts'
import { FrameTurns } from '../guard/frame-turns.ts'
import { MuxerFrames } from '../guard/muxer-frames.ts'
import { PacedFrames } from '../guard/paced-frames.ts'
import { UnnegotiatedBytes } from '../guard/unnegotiated-bytes.ts'
import { spareWindows } from './sparing-windows.ts'

/**
 * Yamux within our limits, that takes a bounded number of frames in a turn, and whose inbound streams are cut off if they
 * ramble before negotiating.
 */
export function guardedMuxer(limits: NetworkLimits): () => StreamMuxerFactory {
  const create = yamux({
    maxInboundStreams: limits.maxMuxerStreams,
    maxOutboundStreams: limits.maxMuxerStreams,
    maxEarlyStreams: limits.maxEarlyStreams,
    // Its ping has no deadline and finds no dead peer; the connection monitor does. Without it a
    // connection costs a timer, a ping and a pong less.
    enableKeepAlive: false,
    streamOptions: {
      initialStreamWindowSize: limits.streamBufferBytes,
      maxStreamWindowSize: limits.streamBufferBytes,
      maxReadBufferLength: limits.streamBufferBytes,
      maxWriteBufferLength: limits.streamBufferBytes,
    },
  })
  const turns = new FrameTurns()
  return () => {
    const factory = create()
    const createStreamMuxer = factory.createStreamMuxer.bind(factory)
    factory.createStreamMuxer = (connection) => {
      const muxer = createStreamMuxer(connection)
      boundUnsent(connection, limits.maxUnsentBytes)
      pace(muxer, connection, turns, limits.streamBufferBytes)
      const onRemoteStream = muxer.onRemoteStream.bind(muxer)
      muxer.onRemoteStream = (stream) => {
        guard(stream, limits.maxUnnegotiatedBytes)
        onRemoteStream(spareWindows(stream))
      }
      const onCreateStream = muxer.onCreateStream.bind(muxer)
      muxer.onCreateStream = () => spareWindows(onCreateStream())
      return muxer
    }
    return factory
  }
}

/** What a peer that does not read would make pile up here: answers to what it sends, which no stream's window bounds. */
function boundUnsent(connection: MessageStream, bytes: number): void {
  if ('maxWriteBufferLength' in connection) Reflect.set(connection, 'maxWriteBufferLength', bytes)
}

/** What is needed here of yamux itself. */
interface Muxer {
  readonly status: string
  onData(bytes: Uint8Array | { subarray(): Uint8Array }): void
  abort(error: Error): void
}

function pace<Bytes extends Uint8Array | { subarray(): Uint8Array }>(
  muxer: Omit<Muxer, 'onData'> & { onData(bytes: Bytes | Uint8Array): void },
  connection: MessageStream,
  turns: FrameTurns,
  maxDataBytes: number,
): void {
  const control = new ControlBudget()
  const paced = new PacedFrames({
    connection,
    frames: new MuxerFrames(maxDataBytes, () => control.spend()),
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

/** What the muxer's stream is to us here; libp2p reads the negotiation from it without any bound. */
interface InboundStream {
  readonly protocol: string
  onData(data: Uint8Array | { subarray(): Uint8Array }): void
  abort(error: Error): void
}

function guard<Data extends Uint8Array | { subarray(): Uint8Array }>(
  stream: Omit<InboundStream, 'onData'> & { onData(data: Data): void },
  budget: number,
): void {
  const bytes = new UnnegotiatedBytes(budget)
  const onData = stream.onData.bind(stream)
  stream.onData = (data) => {
    if (stream.protocol !== '' || bytes.accept(data.subarray())) onData(data)
    else stream.abort(new Error('too much before a protocol was agreed'))
  }
}
