import type { SessionHooks } from '../../hooks/session-hooks.ts'
import type { SessionConfig } from '../config/session-config.ts'
import type { BackgroundHookPorts } from '../host/call-hook-in-background.ts'
import type { CircuitBreaker } from '../host/circuit-breaker.ts'
import type { TallyDatabases } from '../host/tally-databases.ts'
import type { Ids } from '../ports/ids.ts'
import type { SessionStore } from '../ports/store.ts'
import type { Witness } from '../ports/witness.ts'
import type { Party } from './party.ts'
import type { RunnerObserver } from './runner-init.ts'

/** What every session is given. */
export interface SessionPorts extends BackgroundHookPorts {
  readonly hooks: SessionHooks
  readonly store: SessionStore
  readonly ids: Ids
  /** Names this process in the leases it takes; empty if nobody could find out whether it is alive. */
  readonly processId: string
  /** True only if it is certain that the process of that name has ended. Undefined if nobody can know. */
  readonly isGone: ((process: string) => boolean) | undefined
  readonly config: SessionConfig
  /** Of one session, or of none in particular. */
  readonly observer: RunnerObserver
  /** The store failed where no session waits for it: none of them is over because of that. */
  storeFailed(error: unknown): void
  readonly databases: TallyDatabases
  /** Without one, no checkpoints go either way. */
  readonly witness?: Witness
  /** Round the database hook, where this side builds as the inviter. */
  readonly breaker: CircuitBreaker
  /** Something is wrong that the operator should see: recorded, and durable. */
  alarmed(sessionId: string, detail: string): void
  /** Databases that are owed removal are looked at now. */
  settleRemovals(): void
  /** Ed25519 with this node's key, 64 bytes. Without it receipts are not signed here. */
  readonly sign: ((bytes: Uint8Array) => Uint8Array) | undefined
  /** True if the party of that id has signed these bytes. Never rejects. */
  verify(peerId: string, bytes: Uint8Array, signature: string): Promise<boolean>
  /** Asked anew for each answer: what is disclosed may change while the node runs. */
  party(): Party
}
