import type { Role } from '../../protocol/base/role.ts'
import type { IdentityBundle } from '../../protocol/message/messages.ts'
import type { Consent } from '../machine/dialer-state.ts'

/** The right of one session to work on an attempt or a removal, and until when it stands. */
export interface Lease {
  /** The process, then the session: `process/session`. The process is empty if it has no name. */
  readonly owner: string
  /** Milliseconds since the epoch. */
  readonly until: number
}

/** The invitee's durable record of one link it redeems. */
export interface Attempt {
  readonly attemptId: string
  readonly bootstrapId: string
  /** Identifies the link; not the secret. */
  readonly linkHash: string
  readonly tokenId: string
  readonly inviter: string
  /** The inviter's role. */
  readonly role: Role
  readonly requestHash: string
  readonly identity: IdentityBundle
  readonly cadre: readonly string[]
  /** The offer that the user agreed to, if there was somebody to ask. */
  readonly consented?: Consent
  readonly status: 'running' | 'held' | 'confirmed' | 'ended'
  readonly tallyId?: string
  /** Present while a session works on it, and after a crash. */
  readonly lease?: Lease
  /** The number of its sessions so far. */
  readonly sessions: number
  readonly createdAt: number
}
