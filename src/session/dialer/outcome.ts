import type { Role } from '../../protocol/base/role.ts'
import type { DatabaseConnection, IdentityBundle } from '../../protocol/message/messages.ts'
import type { FailureReason } from '../machine/failure.ts'

/** The invitee has a tally. */
export interface BootstrapCompleted {
  readonly completed: true
  readonly sessionId: string
  /** The inviter's id of the redemption: the same on both sides. */
  readonly redemptionId: string
  readonly tallyId: string
  /** This side's own half. */
  readonly role: Role
  readonly partner: { readonly peerId: string; readonly identity: IdentityBundle }
  readonly database: DatabaseConnection
  readonly status: 'confirmed'
  readonly durationMs: number
}

/** It did not come to a tally, or not to one that the inviter has confirmed. */
export interface BootstrapFailed {
  readonly completed: false
  readonly sessionId: string
  readonly state: 'FAILED' | 'TIMEOUT'
  readonly reason: FailureReason
  readonly step: string
  readonly detail?: string
  readonly retryAfterMs?: number
  /** `identity_required`: the fields that are missing. */
  readonly fields?: readonly string[]
  /** A tally is stored here that the inviter has not confirmed: run the same link again. */
  readonly heldTallyId?: string
  readonly durationMs: number
}

export type BootstrapOutcome = BootstrapCompleted | BootstrapFailed
