import { createSocket } from 'node:dgram'
import makeMulticast, { type MulticastDNS } from 'multicast-dns'

export type { MulticastDNS }

/**
 * A socket for multicast DNS, shared with other programs on this computer, that keeps no process alive.
 * @param onProblem told why nothing will come of it, in words
 */
export function openMulticast(onProblem: (problem: string) => void): MulticastDNS {
  const socket = createSocket({ type: 'udp4', reuseAddr: true }).unref()
  const multicast = makeMulticast({ socket })
  multicast.on('error', (error: Error) => onProblem(error.message))
  // Packets of others that make no sense, and interfaces that take no multicast.
  multicast.on('warning', () => undefined)
  return multicast
}
