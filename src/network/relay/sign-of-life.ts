import { randomBytes } from 'node:crypto'
import type { Connection } from '@libp2p/interface'
import { byteStream } from '@libp2p/utils'
import { toError } from '../base/to-error.ts'
import { STRICT_STREAM } from '../patch/strict-negotiation.ts'

/** https://github.com/libp2p/specs/blob/master/ping/ping.md */
const PING_PROTOCOL = '/ipfs/ping/1.0.0'
const PING_BYTES = 32

/** Milliseconds that a relay has to end the stream after that: one that never does must not have ever more of them. */
const END_MS = 2_000

/** Resolves when the other side has answered something, and be it that it knows no pings. */
export async function signOfLife(connection: Connection, signal: AbortSignal): Promise<undefined> {
  try {
    const stream = await connection.newStream([PING_PROTOCOL], { signal, ...STRICT_STREAM })
    try {
      const bytes = byteStream(stream, { maxBufferSize: PING_BYTES })
      await bytes.write(randomBytes(PING_BYTES), { signal })
      await bytes.read({ bytes: PING_BYTES, signal })
      const timer = setTimeout(() => stream.abort(new Error('it was not closed')), END_MS)
      stream.addEventListener('close', () => clearTimeout(timer))
      await stream.close({ signal })
    } catch (error) {
      stream.abort(toError(error))
      throw error
    }
  } catch (error) {
    if (toError(error).name !== 'UnsupportedProtocolError') throw error
  }
}
