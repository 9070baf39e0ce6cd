import type { NetworkLimits } from '../../base/limits.ts'
import { ProbeConnection } from '../check-connections.ts'
import { changed } from '../packages.ts'
import type { YamuxFactory, YamuxMuxer, YamuxStream } from './yamux.ts'

const INSIDE = '@chainsafe/libp2p-yamux'

/**
 * Makes sure that muxers and their streams still call the methods that `guardedMuxer` replaces in them: a muxer of the
 * factory, on a connection to nobody, must do with each of them what ours does.
 *
 * Written for @chainsafe/libp2p-yamux 8.0.1, as `guardedMuxer`.
 * @throws PatchedInternalsError
 */
export function checkMuxer(factory: YamuxFactory, limits: NetworkLimits): void {
  probe(factory, (muxer, connection) => {
    let stream: YamuxStream | undefined
    let failure: unknown
    const onRemoteStream = muxer.onRemoteStream.bind(muxer)
    muxer.onRemoteStream = (remote) => {
      stream = remote
      try {
        onRemoteStream(remote)
      } catch (error) {
        // The muxer itself only ends the connection.
        failure = error
      }
    }
    // One byte more than may come before a protocol.
    connection.onData(newStream(limits.maxUnnegotiatedBytes + 1))
    if (failure !== undefined) throw failure
    if (stream === undefined) throw changed(INSIDE, 'call of YamuxMuxer.onRemoteStream')
    if (stream.status !== 'aborted') throw changed(INSIDE, 'call of YamuxStream.onData')
  })
  probe(factory, (muxer, connection) => {
    // One byte more than a window holds; the bytes themselves need not come.
    connection.onData(newStream(limits.streamBufferBytes + 1).subarray(0, HEADER_BYTES))
    if (muxer.status !== 'closed') throw changed(INSIDE, 'call of YamuxMuxer.onData')
  })
  probe(factory, (muxer) => {
    muxer.createStream().catch(() => undefined)
    const [stream] = muxer.streams
    const isOurs = stream !== undefined && Object.hasOwn(stream, 'sendWindowUpdate')
    if (!isOurs) throw changed(INSIDE, 'call of YamuxMuxer.onCreateStream')
  })
}

function probe(
  factory: YamuxFactory,
  check: (muxer: YamuxMuxer, connection: ProbeConnection) => void,
): void {
  const connection = new ProbeConnection()
  const muxer = factory.createStreamMuxer(connection)
  try {
    check(muxer, connection)
  } finally {
    muxer.abort(new Error('probed'))
  }
}

const HEADER_BYTES = 12

/** A frame that opens stream 1 and brings so many bytes on it. */
function newStream(length: number): Uint8Array {
  const frame = Buffer.alloc(HEADER_BYTES + length)
  frame.writeUInt16BE(1, 2)
  frame.writeUInt32BE(1, 4)
  frame.writeUInt32BE(length, 8)
  return frame
}
