import type { SessionConfig } from '../config/session-config.ts'
import type { RemovalPorts, TallyDatabases } from '../host/tally-databases.ts'
import type { DialerEvent } from '../machine/dialer-event.ts'
import type { Lease } from '../ports/attempt.ts'
import type { Dialer } from '../ports/dialer.ts'
import type { StoreLookups } from '../ports/lookups.ts'
import type { SessionStore } from '../ports/store.ts'
import type { RunnerObserver } from '../run/runner-init.ts'
import type { Transcript } from '../run/transcript.ts'
import type { CheckpointExchange, CheckpointPorts } from '../trace/checkpoint-exchange.ts'
import type { SessionAudit } from '../trace/session-audit.ts'
import type { OweRemovalPorts } from '../upkeep/database-removals.ts'
import type { RemovalClaimPorts } from '../upkeep/removal-claims.ts'
import type { DialedStream } from './dialed-stream.ts'

export interface DialerPorts
  extends CheckpointPorts,
    OweRemovalPorts,
    RemovalClaimPorts,
    RemovalPorts {
  readonly config: SessionConfig
  readonly store: SessionStore
  readonly observer: RunnerObserver
  readonly databases: Pick<TallyDatabases, 'build' | 'remove'>
  /** A signature in this party's name. Without it receipts are not signed here. */
  readonly sign: ((bytes: Uint8Array) => Uint8Array) | undefined
}

/** Facts that a dialer session's writes find out. */
export interface DialerFound {
  /** The bytes that both sides sign, once the tally is kept, this side's signature, and its share in the words to compare. */
  readonly receipt?: {
    readonly bytes: Uint8Array
    /** Milliseconds since the epoch, by the inviter's clock. */
    readonly approvedAt: number
    readonly signature?: string
    readonly opening?: string
  }
  /** foil: when this side was about to build, this process was removing what an earlier attempt had left, or has died of it. */
  readonly removalClaim?: Lease
}

/** The surroundings that the parts of one dialer session share. */
export interface DialerContext {
  readonly ports: DialerPorts
  readonly dialer: Dialer
  readonly audit: SessionAudit
  readonly transcript: Transcript
  readonly checkpoints: CheckpointExchange
  readonly sessionId: string
  /** The peer id that the link pins. */
  readonly peerId: string
  readonly protocol: '1.0.0' | undefined
  /** The link's secret as the messages carry it. In memory only. */
  readonly secretText: string
  /** Of the tally that came of the link before. */
  readonly receipt: string | undefined
  /** When the session must be over, milliseconds since the epoch. */
  readonly deadline: number
  readonly stream: DialedStream
  readonly found: DialerFound
  /** These fields are on their way to the inviter. */
  disclosing(fields: readonly string[]): void
  dispatch(event: DialerEvent): void
  /** Asks the store outside a transition; `then` is not called if it fails, nor once the session is over. */
  ask<Found>(
    question: (lookups: StoreLookups) => Promise<Found>,
    then: (found: Found) => void,
  ): void
}
