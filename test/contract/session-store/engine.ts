import type { ChainedRecord } from '../../../src/audit/record/chain.ts'
import type { Standing } from '../../../src/audit/witness/witnessed-checkpoint.ts'
import type { Role } from '../../../src/protocol/base/role.ts'
import type { JsonValue } from '../../../src/protocol/json/json-value.ts'
import type { OfferedTerms } from '../../../src/session/machine/listener-state.ts'
import type { OwedRemoval } from '../../../src/session/ports/removals.ts'
import type { JournalEntry, SessionSummary } from '../../../src/session/ports/session-summary.ts'
import type { SessionStore } from '../../../src/session/ports/store.ts'
import type { LostUse } from '../../../src/session/ports/tally.ts'

/** An engine of the port `SessionStore`. */
export interface EngineUnderTest {
  readonly name: string
  /** Behind a socket: each step takes milliseconds, and fewer of them are tried. */
  readonly isFar?: true
  /** A store of its own, with nothing in it. */
  open(): Promise<OpenEngine>
}

/** A token as it is issued. The port has no write for it: sessions issue none. */
export interface NewToken {
  readonly id: string
  readonly secretHash: Uint8Array
  readonly role: Role
  readonly uses: number | null
  readonly issuedAt: number
  readonly expiresAt: number
  readonly required: readonly string[]
  readonly optional: readonly string[]
  readonly terms: JsonValue
  readonly byHand?: true
}

/** An open store, and what its tests do to it beside the port. */
export interface OpenEngine {
  readonly store: SessionStore
  readonly inspect: EngineInspection
  addToken(token: NewToken): Promise<void>
  revokeToken(tokenId: string, at: number): Promise<void>
  pauseToken(tokenId: string, at: number): Promise<void>
  /** Offers later invitees these terms. */
  changeTerms(tokenId: string, terms: OfferedTerms): Promise<void>
  /** Adds a part of a tally's document, as the database hook of this party does. */
  addDocument(tallyId: string, chunk: Uint8Array): Promise<void>
  /** From now on nothing that is written can be kept. */
  breakDown(): void
  close(): Promise<void> | void
}

/** The facts that are stored and that no lookup of the port tells. */
export interface EngineInspection {
  session(id: string): Promise<SessionSummary | undefined>
  /** The newest first. */
  sessionIds(): Promise<readonly string[]>
  journal(sessionId: string): Promise<readonly JournalEntry[]>
  token(id: string): Promise<TokenCounts | undefined>
  /** In no particular order. */
  lostUses(): Promise<readonly LostUse[]>
  removal(tallyId: string): Promise<OwedRemoval | undefined>
  document(tallyId: string): Promise<readonly Uint8Array[]>
  /** The whole audit, in its order. */
  audit(): Promise<readonly ChainedRecord[]>
  /** The checkpoints that are kept of a peer, smallest first. */
  checkpoints(peerId: string): Promise<readonly KeptCheckpoint[]>
}

export interface TokenCounts {
  readonly uses: number | null
  /** Committed redemptions. */
  readonly used: number
  /** Reservations that are under way. */
  readonly reserved: number
  readonly revokedAt?: number
}

export interface KeptCheckpoint {
  readonly size: number
  readonly standing: Standing
  readonly seenAt: number
}
