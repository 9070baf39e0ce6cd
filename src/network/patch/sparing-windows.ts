/** What a stream of yamux's is to us here. */
interface WindowedStream {
  sendWindowUpdate(): void
}

/** Left of a window, as a part of it, before the other side is told that it may send more. */
const RENEWED_AT = 0.5

/**
 * Yamux tells the other side after each piece of data how much more it may send, and opens and accepts a stream with a
 * frame of its own. Each is sealed and opened by itself, and of a window of 256 KiB a bootstrap takes some three: so
 * the window is renewed once half of it is used, and what opens or accepts a stream goes along with its first data, as
 * the protocol has it. Fewer than half the frames of a short exchange are left.
 */
export function spareWindows<Stream extends WindowedStream>(stream: Stream): Stream {
  const renew = stream.sendWindowUpdate.bind(stream)
  stream.sendWindowUpdate = () => {
    const size: unknown = Reflect.get(stream, 'recvWindow')
    const left: unknown = Reflect.get(stream, 'recvWindowCapacity')
    const isAmple = typeof size === 'number' && typeof left === 'number' && left > size * RENEWED_AT
    if (!isAmple) renew()
  }
  return stream
}
