import type { Listener, MultiaddrConnection, Transport } from '@libp2p/interface'
import type { Multiaddr } from '@multiformats/multiaddr'
import { knockAtPort } from '../base/knock-at-port.ts'
import type { NetworkLimits } from '../base/limits.ts'
import { patientDeadline } from '../guard/patient-deadline.ts'
import { closeWhatIsGivenUp } from './closing-web-socket.ts'
import { corkWrites } from './cork-writes.ts'
import { firstWord } from './first-word.ts'
import type { PatchedPackage } from './packages.ts'
import { socketOf } from './tcp-socket.ts'
import { guardWebSocketListener, mendWebSocket } from './web-socket-guard.ts'

interface EndHosts {
  readonly local?: string | undefined
  readonly remote?: string | undefined
}

/** The changes to the connections and listeners of one kind of transport. Each throws PatchedInternalsError. */
export interface TransportPatches {
  readonly inside: PatchedPackage
  mendTransport(transport: Transport): void
  /** Changes a connection, before anything is sent or read on it. */
  mend(connection: MultiaddrConnection): void
  /** The IP addresses of both ends of a connection, as far as they can be told. */
  hosts(connection: MultiaddrConnection): EndHosts
  /** Resolves when the other side has sent something, has left, or has been silent for `ms`. */
  firstWord(connection: MultiaddrConnection, ms: number): Promise<void>
  guardListener(listener: Listener, limits: NetworkLimits): void
  /**
   * Looks whether anybody is there before an address is dialled that may be given up for another one: only where a dial
   * that was given up would leave something open. Rejects if nobody is.
   */
  knock(address: Multiaddr, signal: AbortSignal): Promise<void>
  /** Milliseconds for one address to answer. */
  dialTimeoutMs(limits: NetworkLimits): number
}

export const TCP_PATCHES: TransportPatches = {
  inside: '@libp2p/tcp',
  mendTransport: () => undefined,
  mend: corkWrites,
  hosts: (connection) => {
    const { localAddress, remoteAddress } = socketOf(connection)
    return { local: localAddress, remote: remoteAddress }
  },
  firstWord,
  guardListener: () => undefined,
  // A TCP connection that was given up is gone at once.
  knock: async () => undefined,
  dialTimeoutMs: ({ addressDialTimeoutMs }) => addressDialTimeoutMs,
}

export const WEB_SOCKET_PATCHES: TransportPatches = {
  inside: '@libp2p/websockets',
  mendTransport: closeWhatIsGivenUp,
  mend: mendWebSocket,
  // Whoever has a WebSocket's address has found TCP's beside it.
  hosts: () => ({}),
  // It has sent a request, or there would be no connection.
  firstWord: async () => undefined,
  guardListener: guardWebSocketListener,
  knock: knockAtPort,
  dialTimeoutMs: ({ addressDialTimeoutMs }) => addressDialTimeoutMs,
}

/** A connection that tells its first word itself, as ours beyond relays do. */
interface Heard {
  heard(deadline: (fired: () => void) => () => void): Promise<void>
}

/** For connections beyond relays. They are ours: there is nothing to be replaced in them. */
export const CIRCUIT_PATCHES: TransportPatches = {
  inside: 'libp2p',
  mendTransport: () => undefined,
  mend: () => undefined,
  // Of the peer's address the relay says nothing, and its own says nothing about ours.
  hosts: () => ({}),
  firstWord: async (connection, ms) => {
    if (isHeard(connection)) await connection.heard((fired) => patientDeadline(ms, fired))
  },
  guardListener: () => undefined,
  // What was given up is gone with the connection to the relay.
  knock: async () => undefined,
  dialTimeoutMs: ({ circuitDialTimeoutMs }) => circuitDialTimeoutMs,
}

function isHeard(connection: object): connection is Heard {
  return 'heard' in connection
}
