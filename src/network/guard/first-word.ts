import { Socket } from 'node:net'
import type { MultiaddrConnection } from '@libp2p/interface'
import { patientDeadline } from './patient-deadline.ts'

/**
 * Resolves when the other side has said something, or left, or said nothing for `ms`; then the connection is aborted. Who
 * comes over a WebSocket has asked for it.
 */
export function firstWord(connection: MultiaddrConnection, ms: number): Promise<void> {
  if (!('socket' in connection) || !(connection.socket instanceof Socket)) return Promise.resolve()
  const { socket } = connection
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
