import type { Role } from '../../../src/protocol/base/role.ts'
import type { DialerEvent } from '../../../src/session/machine/dialer-event.ts'
import type { DialerState } from '../../../src/session/machine/dialer-state.ts'
import type { ListenerEvent } from '../../../src/session/machine/listener-event.ts'
import type { Claim, ListenerState } from '../../../src/session/machine/listener-state.ts'
import { CLAIM } from '../../support/session/machine/sample-states.ts'

// Everything that a one-time invitation between two parties can come to, as plain data. Nothing here is ever changed in place.

/** What is durable at the inviter. A tally is known by the approval it was made for: 1 for the first. */
export interface Ledger {
  readonly state: 'none' | 'reserved' | 'provisioning' | 'delegated' | 'committed' | 'released'
  readonly fence: number
  readonly approval: number
  /** The fence that the checks have allowed to build, until it is used up. */
  readonly allowed: number
  readonly confirmed: boolean
  readonly revoked: boolean
  /** The answer was taken back, long after anybody worked on it. */
  readonly withdrawn: boolean
  /** Somebody else has the use. */
  readonly taken: boolean
  /** The approval that the database was built for; 0: there is none. */
  readonly database: number
  readonly owed: boolean
  /** An invitation by hand: what the inviter knows of the request, and has said. A yes makes the reservation. */
  readonly word: 'none' | 'waiting' | 'no'
  /** How often it said yes. */
  readonly yeses: number
}

/** What is durable at the invitee. */
export interface Book {
  readonly attempt: 'none' | 'running' | 'held' | 'confirmed' | 'ended'
  readonly tally: number
  readonly status: 'none' | 'held' | 'confirmed' | 'withdrawn'
  readonly database: number
  readonly owed: boolean
}

export type InviterWork =
  | 'offer'
  | 'claim'
  | 'identity'
  | 'keep'
  | 'provision'
  | 'delegate'
  | 'verify'
  | 'sent'
export type InviteeWork = 'dial' | 'check' | 'provision' | 'sent'

/** One session of the inviter's, with what is on its way to it. */
export interface InviterSeat {
  readonly id: number
  readonly state: ListenerState
  readonly work: readonly InviterWork[]
  readonly inbox: readonly ListenerEvent[]
  readonly open: boolean
}

export interface InviteeSeat {
  readonly state: DialerState
  readonly work: readonly InviteeWork[]
  readonly inbox: readonly DialerEvent[]
  readonly open: boolean
  /** The seat at the other end of the stream; 0: none yet. */
  readonly peer: number
}

export interface Scene {
  readonly role: Role
  readonly needsIdentity: boolean
  /** The inviter says yes or no to each request. */
  readonly byHand: boolean
  readonly ledger: Ledger
  readonly book: Book
  readonly inviters: readonly InviterSeat[]
  readonly invitee: InviteeSeat | undefined
  readonly seats: number
  /** What may still happen. */
  readonly dials: number
  readonly crashes: number
  readonly echoes: number
}

/** A rule is broken in this scene. */
export class RuleBrokenError extends Error {
  override readonly name = 'RuleBrokenError'
}

export function claimOf({ fence, approval }: Ledger): Claim {
  return { ...CLAIM, redemptionId: `redemption-${approval}`, fence, approvedAt: approval }
}

export function claimIn(state: ListenerState): Claim | undefined {
  switch (state.name) {
    case 'VALIDATING_IDENTITY':
    case 'PROVISIONING_DB':
    case 'SENDING_RESPONSE':
    case 'AWAITING_ACK':
      return state.claim
    default:
      return undefined
  }
}

export function begin(role: Role, needsIdentity: boolean, budget: Budget, byHand = false): Scene {
  return {
    role,
    needsIdentity,
    byHand,
    ledger: {
      state: 'none',
      fence: 0,
      approval: 0,
      allowed: 0,
      confirmed: false,
      revoked: false,
      withdrawn: false,
      taken: false,
      database: 0,
      owed: false,
      word: 'none',
      yeses: 0,
    },
    book: { attempt: 'none', tally: 0, status: 'none', database: 0, owed: false },
    inviters: [],
    invitee: undefined,
    seats: 0,
    ...budget,
  }
}

export interface Budget {
  readonly dials: number
  readonly crashes: number
  readonly echoes: number
}

/** Two scenes with the same key have the same future. */
export function keyOf(scene: Scene): string {
  const { ledger, book, inviters, invitee, dials, crashes, echoes } = scene
  const { fence, allowed, ...rest } = ledger
  return JSON.stringify([
    Object.values(rest),
    allowed === fence,
    Object.values(book),
    inviters.map((seat) => [
      seat.id === invitee?.peer,
      listenerKey(seat.state, fence),
      seat.work,
      seat.inbox.map(eventKey),
      seat.open,
    ]),
    invitee && [
      dialerKey(invitee.state),
      invitee.work,
      invitee.inbox.map(eventKey),
      invitee.open,
      invitee.peer === 0,
    ],
    dials,
    crashes,
    echoes,
  ])
}

function listenerKey(state: ListenerState, fence: number): unknown {
  const claim = 'claim' in state ? state.claim : undefined
  return [
    state.name,
    claim && [claim.approvedAt, claim.fence === fence],
    'busy' in state && state.busy,
    'inspected' in state && state.inspected,
    'checking' in state && state.checking,
    'awaitsAck' in state && state.awaitsAck,
  ]
}

function dialerKey(state: DialerState): unknown {
  return [
    state.name,
    'phase' in state && state.phase,
    'approval' in state && state.approval.approvedAt,
    state.plan.held,
  ]
}

function eventKey(event: ListenerEvent | DialerEvent): unknown {
  switch (event.type) {
    case 'approval':
      return ['approval', event.approval.approvedAt]
    case 'databaseResult':
      return ['result', event.redemptionId]
    case 'acknowledgment':
      return ['ack', event.redemptionId]
    case 'receipt':
      return ['receipt', event.receipt.redemptionId, event.receipt.outcome]
    case 'refusal':
      return ['refusal', event.refusal.code]
    default:
      return event.type
  }
}
