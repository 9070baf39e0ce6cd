import type { StreamMuxerFactory } from '@libp2p/interface'
import type { NetworkLimits } from '../../base/limits.ts'
import { FrameTurns } from '../../guard/frame-turns.ts'
import { MplexFrames } from '../../guard/mplex-frames.ts'
import { guardStream, paceMuxer } from '../muxer/muxer-guards.ts'
import { checkMplex } from './check-mplex.ts'
import { assertMplex, boundedMplex, MAX_MPLEX_STREAMS } from './mplex.ts'

/**
 * Mplex, for older peers that have no other muxer: within our limits, and with the guards that our yamux has. It has no
 * flow control, so a stream that is not read fast enough is reset when its buffer is full.
 *
 * Written for @libp2p/mplex 12.0.32, whose muxers and streams are those of @libp2p/utils 7.4.1: replaces
 * `createStreamMuxer` of its one factory, the method `abort` and the protected ones `onData` and `onRemoteStream` of each
 * muxer, and `onData` of each stream; and hands options down to that base class, which the package does not document.
 * @param create makes the factory; replaced in tests only
 * @returns a function that throws PatchedInternalsError
 */
export function guardedMplex(
  limits: NetworkLimits,
  create: () => StreamMuxerFactory = boundedMplex(limits),
): () => StreamMuxerFactory {
  const turns = new FrameTurns(limits.framesPerTurn)
  return () => {
    const factory = create()
    const createStreamMuxer = factory.createStreamMuxer.bind(factory)
    factory.createStreamMuxer = (connection) => {
      const muxer = createStreamMuxer(connection)
      assertMplex(muxer)
      paceMuxer(muxer, connection, new MplexFrames(limits.streamBufferBytes), turns, limits)
      // It gives up when streams come too fast, and would leave a connection open that nobody reads.
      const abort = muxer.abort.bind(muxer)
      muxer.abort = (error) => {
        abort(error)
        connection.abort(error)
      }
      const onRemoteStream = muxer.onRemoteStream.bind(muxer)
      muxer.onRemoteStream = (stream) => {
        guardStream(stream, limits.maxUnnegotiatedBytes, '@libp2p/mplex', 'MplexStream')
        if (muxer.streams.length < MAX_MPLEX_STREAMS) onRemoteStream(stream)
        else stream.abort(new Error('too many streams'))
      }
      return muxer
    }
    checkMplex(factory, limits)
    return factory
  }
}
