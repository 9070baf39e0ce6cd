import type { StreamMuxerFactory } from '@libp2p/interface'
import type { NetworkLimits } from '../../base/limits.ts'
import { ProbeConnection } from '../check-connections.ts'
import { changed } from '../packages.ts'
import { assertMplex, type MplexMuxer, type MplexStream } from './mplex.ts'

const INSIDE = '@libp2p/mplex'

/** The message that opens a stream, with its name. */
const NEW_STREAM = Uint8Array.of(0, 1, 0x30)

/** A message of a type that there is not: only our reader minds it before more has come. */
const NO_TYPE = Uint8Array.of(7)

/** The type of a message with data. */
const DATA = 2

const HEADER_BYTES = 4

/**
 * Makes sure that muxers and their streams still call the methods that `guardedMplex` replaces in them, and that a stream's
 * buffer is bounded as it was told, as `checkMuxer` does for yamux.
 *
 * Written for @libp2p/mplex 12.0.32, as `guardedMplex`.
 * @throws PatchedInternalsError
 */
export function checkMplex(factory: StreamMuxerFactory, limits: NetworkLimits): void {
  probe(factory, (muxer, connection) => {
    let stream: MplexStream | undefined
    const onRemoteStream = muxer.onRemoteStream.bind(muxer)
    muxer.onRemoteStream = (remote) => {
      stream = remote
      onRemoteStream(remote)
    }
    connection.onData(NEW_STREAM)
    if (stream === undefined) throw changed(INSIDE, 'call of MplexStreamMuxer.onRemoteStream')
    if (stream.maxReadBufferLength !== limits.streamBufferBytes)
      throw changed(INSIDE, 'streamOptions among the options of a muxer')
    // One byte more than may come before a protocol.
    connection.onData(dataMessage(limits.maxUnnegotiatedBytes + 1))
    if (stream.status !== 'aborted') throw changed(INSIDE, 'call of MplexStream.onData')
  })
  probe(factory, (muxer, connection) => {
    connection.onData(NO_TYPE)
    if (muxer.status !== 'closed') throw changed(INSIDE, 'call of MplexStreamMuxer.onData')
  })
}

function probe(
  factory: StreamMuxerFactory,
  check: (muxer: MplexMuxer, connection: ProbeConnection) => void,
): void {
  const connection = new ProbeConnection()
  const muxer = factory.createStreamMuxer(connection)
  try {
    assertMplex(muxer)
    check(muxer, connection)
  } finally {
    muxer.abort(new Error('probed'))
  }
}

/** A message that brings so many bytes on stream 0, its length always in three. */
function dataMessage(length: number): Uint8Array {
  const message = Buffer.alloc(HEADER_BYTES + length)
  message.set([DATA, (length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14])
  return message
}
