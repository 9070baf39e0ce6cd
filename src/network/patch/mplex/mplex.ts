import type { Stream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'
import { mplex } from '@libp2p/mplex'
import type { NetworkLimits } from '../../base/limits.ts'
import { requireMethods } from '../packages.ts'

/** Streams at once on a connection of an older peer, each way: it uses two for each of its bootstraps. */
export const MAX_MPLEX_STREAMS = 256

/** New streams that an older peer may open in a second, or messages for streams that are over. */
const MAX_NEW_STREAMS_PER_SECOND = 64

/** A muxer with the protected methods that we replace. */
export interface MplexMuxer extends StreamMuxer {
  onData(bytes: { subarray(): Uint8Array } & { readonly byteLength: number }): void
  onRemoteStream(stream: MplexStream): void
}

export interface MplexStream extends Stream {
  onData(data: { subarray(): Uint8Array }): void
}

/**
 * Mplex within our limits, otherwise as it comes. What the package does not bound by an option of its own, streams and
 * their buffers, is handed down to its base class.
 */
export function boundedMplex(limits: NetworkLimits): () => StreamMuxerFactory {
  const own = {
    maxMessageSize: limits.streamBufferBytes,
    maxUnprocessedMessageQueueSize: 2 * limits.streamBufferBytes,
    disconnectThreshold: MAX_NEW_STREAMS_PER_SECOND,
  }
  const base = {
    maxEarlyStreams: MAX_MPLEX_STREAMS,
    streamOptions: {
      maxReadBufferLength: limits.streamBufferBytes,
      maxWriteBufferLength: limits.streamBufferBytes,
    },
  }
  return mplex({ ...own, ...base })
}

/**
 * Makes sure that a muxer is as we know them.
 *
 * Written for @libp2p/mplex 12.0.32.
 * @throws PatchedInternalsError
 */
export function assertMplex(muxer: StreamMuxer): asserts muxer is MplexMuxer {
  requireMethods(muxer, ['onData', 'onRemoteStream', 'abort'], '@libp2p/mplex', 'MplexStreamMuxer')
}
