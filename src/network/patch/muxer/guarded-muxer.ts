import type { StreamMuxerFactory } from '@libp2p/interface'
import type { NetworkLimits } from '../../base/limits.ts'
import { ControlBudget } from '../../guard/control-budget.ts'
import { FrameTurns } from '../../guard/frame-turns.ts'
import { MuxerFrames } from '../../guard/muxer-frames.ts'
import { BOOTSTRAP_PROTOCOL } from '../../stream/bootstrap-protocol.ts'
import { requireMethods } from '../packages.ts'
import { checkMuxer } from './check-muxer.ts'
import { knowGreeting } from './known-greeting.ts'
import { guardStream, paceMuxer } from './muxer-guards.ts'
import { spareWindows } from './sparing-windows.ts'
import { boundedYamux, type YamuxFactory } from './yamux.ts'

/** The part of a node that its muxers ask. */
interface NodeComponents {
  readonly registrar: { getProtocols(): readonly string[] }
}

const NOTHING_SERVED: NodeComponents = { registrar: { getProtocols: () => [] } }

/**
 * Yamux within our limits, that takes a bounded number of frames in a turn, and whose inbound streams are cut off if they
 * send too much before they agree on a protocol.
 *
 * Written for @chainsafe/libp2p-yamux 8.0.1, whose muxers and streams are those of @libp2p/utils 7.4.1: replaces
 * `createStreamMuxer` of its one factory, the protected methods `onData`, `onRemoteStream` and `onCreateStream` of each
 * muxer, and `onData` and `sendWindowUpdate` of each stream.
 * @param create makes the factory; replaced in tests only
 * @returns a function that throws PatchedInternalsError
 */
export function guardedMuxer(
  limits: NetworkLimits,
  create: () => YamuxFactory = boundedYamux(limits),
): (components?: NodeComponents) => StreamMuxerFactory {
  const turns = new FrameTurns(limits.framesPerTurn)
  return (components = NOTHING_SERVED) => {
    const factory = create()
    // Asked for anew each time: libp2p makes it later than this, and bootstraps are not served all the time.
    const isServed = (): boolean => components.registrar.getProtocols().includes(BOOTSTRAP_PROTOCOL)
    const createStreamMuxer = factory.createStreamMuxer.bind(factory)
    factory.createStreamMuxer = (connection) => {
      const muxer = createStreamMuxer(connection)
      requireMethods(muxer, MUXER_METHODS, '@chainsafe/libp2p-yamux', 'YamuxMuxer')
      const control = new ControlBudget(limits.controlFramesAtOnce)
      const frames = new MuxerFrames(limits.streamBufferBytes, () => control.spend())
      paceMuxer(muxer, connection, frames, turns, limits)
      const opener = knowGreeting(muxer, isServed)
      const onRemoteStream = muxer.onRemoteStream.bind(muxer)
      muxer.onRemoteStream = (stream) => {
        guardStream(stream, limits.maxUnnegotiatedBytes, '@chainsafe/libp2p-yamux', 'YamuxStream')
        opener.open(spareWindows(stream), onRemoteStream)
      }
      const onCreateStream = muxer.onCreateStream.bind(muxer)
      muxer.onCreateStream = () => spareWindows(onCreateStream())
      return muxer
    }
    checkMuxer(factory, limits)
    return factory
  }
}

const MUXER_METHODS = ['onData', 'onRemoteStream', 'onCreateStream', 'abort']
