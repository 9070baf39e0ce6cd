import type { Clock } from '../ports/clock.ts'
import type { Ids } from '../ports/ids.ts'
import type { SharedLimits } from '../ports/shared-limits.ts'
import type { SessionStore } from '../ports/store.ts'
import type { Witness } from '../ports/witness.ts'
import type { Party } from '../run/party.ts'

/** The surroundings of a session core. */
export interface SessionCorePorts {
  readonly store: SessionStore
  /** Asked anew for each session. */
  party(): Party
  /** A signature in this party's name: Ed25519 with its key, or with a node's, whose certificate follows it. @default none: this side signs no receipts */
  readonly sign?: (bytes: Uint8Array) => Uint8Array
  /** @default `verifyAside` */
  verify?(peerId: string, bytes: Uint8Array, signature: string): Promise<boolean>
  /** Where it falls behind the highest time seen so far, that is taken instead. @default the computer's own */
  readonly clock?: Clock
  /** @default random */
  readonly ids?: Ids
  /**
   * Names this process to others that share the store, if they can find out whether it is alive.
   * @default none: what a dead process held is free when its lease has run out
   */
  readonly processId?: string
  /**
   * True only if it is certain that the process of that name has ended; undefined if nobody knows. Asked before a database is
   * built that another process is removing.
   * @default nobody knows: what another process has begun to remove is free after half a minute
   */
  isGone?(process: string): boolean | undefined
  /** True of a peer from which nothing is taken; asked for each stream, before anything else. @default nobody is */
  isDenied?(peerId: string): boolean | Promise<boolean>
  /** Where nodes of one party tell each other what their peers have used up. @default each counts alone */
  readonly limits?: SharedLimits | undefined
  /** Where checkpoints of other parties' audits are kept. @default none are exchanged */
  readonly witness?: Witness
}
