import type { Duplex } from 'node:stream'
import { DatabaseSetupError } from '../../store/postgres/connection/errors.ts'

/** Bytes that a server may send to a party on one connection: a thousand values as large as they may be, twice. */
const MAX_SENT_BYTES = 16_777_216

/**
 * Contains what a server sends that a partner has named. pg keeps in memory whatever comes; and it reads it in a listener of
 * the stream's, so that what it throws about bytes that no server should send would end the process. Here too many bytes, and
 * such ones, end the connection.
 * @param server `HOST:PORT/DATABASE`
 */
export function containStream(stream: Duplex, server: string, maxBytes = MAX_SENT_BYTES): void {
  const emit = stream.emit.bind(stream)
  let left = maxBytes
  const end = (problem: string, cause?: unknown): boolean => {
    stream.destroy(new DatabaseSetupError(problem, { server, cause }))
    return true
  }
  stream.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    if (event !== 'data') return emit(event, ...args)
    const [bytes] = args
    left -= bytes instanceof Uint8Array ? bytes.length : 0
    if (left < 0) return end('it sends more than a tally holds')
    try {
      return emit(event, ...args)
    } catch (cause) {
      return end('it does not speak as PostgreSQL does', cause)
    }
  }
}
