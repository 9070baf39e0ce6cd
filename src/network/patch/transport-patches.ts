import type { Listener, MultiaddrConnection } from '@libp2p/interface'
import type { NetworkLimits } from '../base/limits.ts'
import { corkWrites } from './cork-writes.ts'
import { firstWord } from './first-word.ts'
import type { PatchedPackage } from './packages.ts'
import { guardWebSocketListener, mendWebSocket } from './web-socket-guard.ts'

/** The changes to the connections and listeners of one kind of transport. Each throws PatchedInternalsError. */
export interface TransportPatches {
  readonly inside: PatchedPackage
  /** Changes a connection, before anything is sent or read on it. */
  mend(connection: MultiaddrConnection): void
  /** Resolves when the other side has sent something, has left, or has been silent for `ms`. */
  firstWord(connection: MultiaddrConnection, ms: number): Promise<void>
  guardListener(listener: Listener, limits: NetworkLimits): void
}

export const TCP_PATCHES: TransportPatches = {
  inside: '@libp2p/tcp',
  mend: corkWrites,
  firstWord,
  guardListener: () => undefined,
}

export const WEB_SOCKET_PATCHES: TransportPatches = {
  inside: '@libp2p/websockets',
  mend: mendWebSocket,
  // It has sent a request, or there would be no connection.
  firstWord: async () => undefined,
  guardListener: guardWebSocketListener,
}
