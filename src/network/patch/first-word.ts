import type { MultiaddrConnection } from '@libp2p/interface'
import { patientDeadline } from '../guard/patient-deadline.ts'
import { socketOf } from './tcp-socket.ts'

/**
 * Resolves when the other side of a TCP connection has sent something, or left, or sent nothing for `ms`; then the
 * connection is aborted.
 *
 * Written for @libp2p/tcp 11.0.28: listens to the private field `socket` of its connections, because their `message`
 * event would take the bytes away from the handshake.
 * @throws PatchedInternalsError
 */
export function firstWord(connection: MultiaddrConnection, ms: number): Promise<void> {
  const socket = socketOf(connection)
  return new Promise((resolve) => {
    const clear = patientDeadline(ms, () => connection.abort(new Error('not a word')))
    const over = (): void => {
      clear()
      socket.off('data', over)
      socket.off('close', over)
      resolve()
    }
    socket.on('data', over)
    socket.on('close', over)
  })
}
