import { connect } from 'node:net'
import type { Multiaddr } from '@multiformats/multiaddr'

const HOST_AND_PORT = /^\/(?:ip[46]|dns[46]?)\/([^/]+)\/tcp\/(\d+)(?:\/|$)/

/**
 * Opens a TCP connection to the host and port of an address, and closes it again. Node's own WebSocket client holds on to
 * a connection that nobody answers for 10 s after it was closed, and has no way to say otherwise.
 * @throws the system's error; the signal's reason
 */
export async function knockAtPort(address: Multiaddr, signal: AbortSignal): Promise<void> {
  const [, host, port] = HOST_AND_PORT.exec(address.toString()) ?? []
  if (host === undefined || port === undefined) return
  signal.throwIfAborted()
  const socket = connect({ host, port: Number(port) })
  const giveUp = (): void => void socket.destroy(new Error('given up'))
  signal.addEventListener('abort', giveUp)
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
  } finally {
    signal.removeEventListener('abort', giveUp)
    socket.on('error', () => undefined)
    socket.destroy()
  }
}
