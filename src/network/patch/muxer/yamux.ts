import { yamux } from '@chainsafe/libp2p-yamux'
import type { NetworkLimits } from '../../base/limits.ts'

/** Makes one muxer for each connection. */
export type YamuxFactory = ReturnType<ReturnType<typeof yamux>>

export type YamuxMuxer = ReturnType<YamuxFactory['createStreamMuxer']>

export type YamuxStream = ReturnType<YamuxMuxer['onCreateStream']>

/** Yamux within our limits, otherwise as it comes. */
export function boundedYamux(limits: NetworkLimits): () => YamuxFactory {
  return yamux({
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
}
