import type { PresentedToken, SessionHooks } from '../../hooks/session-hooks.ts'
import type { SessionConfig } from '../config/session-config.ts'
import type { CircuitBreaker } from '../host/circuit-breaker.ts'
import type { TallyDatabases } from '../host/tally-databases.ts'
import type { ListenerEvent } from '../machine/listener-event.ts'
import type { Ids } from '../ports/ids.ts'
import type { StoreLookups } from '../ports/lookups.ts'
import type { SessionStore } from '../ports/store.ts'
import type { Transport } from '../ports/transport.ts'
import type { Work, WorkOutcome } from '../ports/work.ts'
import type { Party } from '../run/party.ts'
import type { RunnerObserver } from '../run/runner-init.ts'
import type { Transcript } from '../run/transcript.ts'
import type { CheckpointExchange, CheckpointPorts } from '../trace/checkpoint-exchange.ts'
import type { SessionAudit } from '../trace/session-audit.ts'
import type { OweRemovalPorts } from '../upkeep/database-removals.ts'
import type { RemovalClaimPorts } from '../upkeep/removal-claims.ts'
import type { UseNoticePorts } from '../upkeep/use-notices.ts'
import type { BuildPermit } from './build-permit.ts'

export interface ListenerPorts
  extends CheckpointPorts,
    OweRemovalPorts,
    RemovalClaimPorts,
    UseNoticePorts {
  readonly hooks: SessionHooks
  readonly store: SessionStore
  /** Ids of the sessions that are under way in this process, this one among them. */
  readonly running: ReadonlySet<string>
  readonly config: SessionConfig
  readonly audit: SessionAudit
  readonly ids: Ids
  /** Hears of every session. */
  readonly observer: RunnerObserver
  readonly databases: Pick<TallyDatabases, 'build'>
  /** Round the database hook. */
  readonly breaker: Pick<CircuitBreaker, 'ask' | 'peek'>
  /** A signature in this party's name. Without it receipts are not signed here. */
  readonly sign: ((bytes: Uint8Array) => Uint8Array) | undefined
  /** True if the party of that id has signed these bytes. Never rejects. */
  verify(peerId: string, bytes: Uint8Array, signature: string): Promise<boolean>
  /** Asked anew for each answer: what is disclosed may change while the node runs. */
  party(): Party
}

/** Facts that a listener session's writes find out. */
export interface ListenerFound {
  /** The response as encoded for the commit, so that sending needs no reading. Gone once it is sent. */
  readonly response?: Uint8Array
  /** stock: the bytes that both sides sign for this redemption, if it was committed here. */
  readonly receipt?: { readonly redemptionId: string; readonly bytes: Uint8Array }
  /** stock: when this side was about to build, another process was removing what an earlier attempt had left. */
  readonly awaitsRemoval?: boolean
  /** The answer that was acknowledged here has been withdrawn. */
  readonly isWithdrawn?: boolean
}

/** The surroundings that the parts of one listener session share. */
export interface ListenerContext {
  readonly ports: ListenerPorts
  readonly transport: Transport
  readonly audit: SessionAudit
  readonly transcript: Transcript
  readonly checkpoints: CheckpointExchange
  readonly sessionId: string
  readonly peerId: string
  /** As its transport tells. */
  readonly protocol: '1.0.0' | undefined
  /** When the session must be over, milliseconds since the epoch. */
  readonly deadline: number
  /** This node as it was when it was first asked about: the same from the approval to the draft. */
  readonly party: Party
  /** True if it ended only because the node stops: what it held is kept for the same peer. */
  readonly isParked: boolean
  /** The right to have a database built. */
  readonly permit: BuildPermit
  readonly found: ListenerFound
  /** Returns the token that came in a frame of this stream, once. */
  takePresented(tokenId: string): PresentedToken | undefined
  /** Returns the response as encoded for the commit, once; undefined if it was not committed here, or was sent. */
  takeResponse(): Uint8Array | undefined
  /** The receipt that came with the request. */
  readonly shown: string | undefined
  dispatch(event: ListenerEvent): void
  /** Asks the store outside a transition; `then` is not called if it fails, nor once the session is over. */
  ask<Found>(
    question: (lookups: StoreLookups) => Promise<Found>,
    then: (found: Found) => void,
  ): void
  /** As `ask`, and writes. @param unheard called instead if the session is over by the time that the outcome is known */
  submit(
    work: Work,
    then: (outcome: WorkOutcome, durable: Promise<void>) => void,
    unheard?: (outcome: WorkOutcome) => void,
  ): void
}
