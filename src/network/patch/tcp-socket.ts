import { Socket } from 'node:net'
import type { MultiaddrConnection } from '@libp2p/interface'
import { changed } from './packages.ts'

/**
 * The socket under a TCP connection.
 *
 * Written for @libp2p/tcp 11.0.28: reads the private field `socket` of its connections.
 * @throws PatchedInternalsError
 */
export function socketOf(connection: MultiaddrConnection): Socket {
  const socket: unknown = Reflect.get(connection, 'socket')
  if (socket instanceof Socket) return socket
  throw changed('@libp2p/tcp', 'TCPSocketMultiaddrConnection.socket')
}
