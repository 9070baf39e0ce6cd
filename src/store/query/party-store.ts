import type { SessionStore } from '../../session/ports/store.ts'
import type { WatchedCommits } from '../commit/watched-commits.ts'
import type { AuditStore } from './record-store.ts'

/** The keys of the process that opens a store. */
export interface StoreOpener {
  /** Peer id of the party. */
  readonly party: string
  /** Peer id of the directory's own key: another one where it is that of a node. */
  readonly peerId: string
}

/** All that a party's process does with its store, whichever engine keeps it. */
export interface PartyStore extends SessionStore, AuditStore, WatchedCommits {
  /** The place of the store, to people: a file's path, or a server with database and schema. */
  readonly path: string
  /** True if it is known that nothing can be written now: rights that were taken away, for instance. Cheap. */
  isReadOnly(): boolean
  /**
   * Waits until what was written is durable, but not for ever.
   * @returns false if it was left: `close` does nothing any more
   */
  settle(): Promise<boolean>
  /** Writes what is open, and gives all back. Idempotent. */
  close(): Promise<void> | void
}
