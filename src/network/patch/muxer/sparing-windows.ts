import { changed, requireMethods } from '../packages.ts'

/** A stream of yamux's, as much of it as is needed here. */
interface WindowedStream {
  sendWindowUpdate(): void
}

/** The part of a window that is left when the other side is told that it may send more. */
const RENEWED_AT = 0.5

/**
 * Yamux tells the other side after each piece of data how much more it may send, and opens and accepts a stream with a
 * frame of its own. Each is sealed and opened by itself, and of a window of 256 KiB a bootstrap takes some three: so
 * the window is renewed once half of it is used, and what opens or accepts a stream goes along with its first data, as
 * the protocol has it. Fewer than half the frames of a short exchange are left.
 *
 * Written for @chainsafe/libp2p-yamux 8.0.1: replaces `sendWindowUpdate` of each of its streams, and reads their private
 * fields `recvWindow` and `recvWindowCapacity`.
 * @throws PatchedInternalsError
 */
export function spareWindows<Stream extends WindowedStream>(stream: Stream): Stream {
  requireMethods(stream, ['sendWindowUpdate'], '@chainsafe/libp2p-yamux', 'YamuxStream')
  numberIn(stream, 'recvWindow')
  numberIn(stream, 'recvWindowCapacity')
  const renew = stream.sendWindowUpdate.bind(stream)
  stream.sendWindowUpdate = () => {
    const left = numberIn(stream, 'recvWindowCapacity')
    if (left <= numberIn(stream, 'recvWindow') * RENEWED_AT) renew()
  }
  return stream
}

function numberIn(stream: object, name: string): number {
  const value: unknown = Reflect.get(stream, name)
  if (typeof value === 'number') return value
  throw changed('@chainsafe/libp2p-yamux', `YamuxStream.${name}`)
}
