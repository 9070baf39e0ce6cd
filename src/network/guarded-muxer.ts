import { yamux } from '@chainsafe/libp2p-yamux'
import type { StreamMuxerFactory } from '@libp2p/interface'
import type { NetworkLimits } from './limits.ts'
import { UnnegotiatedBytes } from './unnegotiated-bytes.ts'

/** Yamux within our limits, whose inbound streams are cut off if they ramble before negotiating. */
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
  return () => {
    const factory = create()
    const createStreamMuxer = factory.createStreamMuxer.bind(factory)
    factory.createStreamMuxer = (connection) => {
      const muxer = createStreamMuxer(connection)
      const onRemoteStream = muxer.onRemoteStream.bind(muxer)
      muxer.onRemoteStream = (stream) => {
        guard(stream, limits.maxUnnegotiatedBytes)
        onRemoteStream(stream)
      }
      return muxer
    }
    return factory
  }
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
