import { compact } from '../../protocol/base/compact.ts'
import { oppositeRole, type Role } from '../../protocol/base/role.ts'
import type { DatabaseConnection, IdentityBundle } from '../../protocol/message/messages.ts'
import { deniedTally } from '../machine/dialer-endings.ts'
import type { DialerState, KeptTally } from '../machine/dialer-state.ts'
import type { FailureReason } from '../machine/failure.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { SessionStore } from '../ports/store.ts'
import type { Planned } from './plan-redemption.ts'

/** The invitee has a tally. */
export interface BootstrapCompleted {
  readonly completed: true
  readonly sessionId: string
  /** The inviter's id of the redemption: the same on both sides, unless the inviter speaks the older protocol. */
  readonly redemptionId: string
  readonly tallyId: string
  /** The older protocol that the inviter speaks. Absent: ours. */
  readonly protocol?: '1.0.0'
  /** This side's own half. */
  readonly role: Role
  readonly partner: { readonly peerId: string; readonly identity: IdentityBundle }
  readonly database: DatabaseConnection
  readonly status: 'confirmed'
  readonly durationMs: number
}

/** The session did not come to a tally, or not to one that the inviter has confirmed. */
export interface BootstrapFailed {
  readonly completed: false
  readonly sessionId: string
  readonly state: 'FAILED' | 'TIMEOUT'
  readonly reason: FailureReason
  readonly step: string
  readonly detail?: string
  readonly retryAfterMs?: number
  /** `pending`: until when the request waits for the inviter's word, milliseconds since the epoch by its clock. */
  readonly pendingUntil?: number
  /** `identity_required`: the fields that are missing. */
  readonly fields?: readonly string[]
  /** Names of the fields that this session has sent, and `cadre` if it has told its nodes, whether they arrived or not. The inviter sees the party id in any case. */
  readonly disclosed: readonly string[]
  /** The tally that is kept here, and that the inviter does not know (any more). It stays, and so does its receipt. */
  readonly denied?: Pick<KeptTally, 'tallyId' | 'since'>
  /** A tally is stored here that the inviter has not confirmed: run the same link again. */
  readonly heldTallyId?: string
  readonly durationMs: number
}

export type BootstrapOutcome = BootstrapCompleted | BootstrapFailed

export const LINK_BUSY: Denial = {
  code: 'in_progress',
  reason: 'this link is being redeemed by another process',
  retryAfterMs: 1_000,
}

/** The outcome of a session that was not begun: this node takes no more, or none on this link. */
export function notBegun(sessionId: string, denial: Denial): BootstrapFailed {
  const { code: reason, reason: detail, retryAfterMs } = denial
  const end = { state: 'FAILED', reason, step: 'CREATED', detail, retryAfterMs } as const
  return compact({ completed: false, sessionId, ...end, disclosed: [], durationMs: 0 })
}

/** Tells a final state as the caller wants to know it. */
export function outcomeOf(
  state: DialerState,
  disclosed: readonly string[],
  durationMs: number,
): BootstrapOutcome {
  const { sessionId } = state.plan
  switch (state.name) {
    case 'COMPLETED': {
      const { plan, approval, built } = state
      return {
        completed: true,
        sessionId,
        redemptionId: approval.redemptionId,
        tallyId: built.tally.tallyId,
        ...compact({ protocol: plan.protocol }),
        role: oppositeRole(plan.role),
        partner: { peerId: plan.inviter, identity: approval.identity },
        database: built.database,
        status: 'confirmed',
        durationMs,
      }
    }
    case 'FAILED':
    case 'TIMEOUT': {
      const { name, failure, held } = state
      const kept = deniedTally(state)
      const denied = kept && { tallyId: kept.tallyId, since: kept.since }
      const heldTallyId = held?.tally.tallyId
      return compact({
        completed: false,
        sessionId,
        state: name,
        ...failure,
        disclosed,
        denied,
        heldTallyId,
        durationMs,
      })
    }
    default:
      throw new TypeError(`a session ended in ${state.name}`)
  }
}

/**
 * Finds the outcome of an earlier session: the inviter is away, but this link has led to a confirmed tally before.
 * @throws StoreError
 */
export async function finishedBefore(
  outcome: BootstrapFailed,
  planned: Pick<Planned, 'linkHash' | 'plan'>,
  store: SessionStore,
  durationMs: number,
): Promise<BootstrapOutcome | undefined> {
  if (outcome.reason !== 'unreachable') return undefined
  return await confirmedBefore(planned, store, durationMs)
}

/**
 * The same of an older inviter, who is not asked again: it may know nobody again, and begin anew or say that the token is
 * used.
 * @throws StoreError
 */
export async function finishedWithOlder(
  planned: Pick<Planned, 'linkHash' | 'plan'>,
  store: SessionStore,
): Promise<BootstrapOutcome | undefined> {
  const { protocol, kept } = planned.plan
  if (protocol === undefined || kept === undefined) return undefined
  return await confirmedBefore(planned, store, 0)
}

async function confirmedBefore(
  { linkHash, plan }: Pick<Planned, 'linkHash' | 'plan'>,
  store: SessionStore,
  durationMs: number,
): Promise<BootstrapOutcome | undefined> {
  const { attempts, tallies } = store.lookups
  const { status, tallyId } = (await attempts.kept(linkHash)) ?? {}
  const tally = status === 'confirmed' && tallyId ? await tallies.find(tallyId) : undefined
  if (tally?.status !== 'confirmed') return undefined
  return {
    completed: true,
    sessionId: plan.sessionId,
    redemptionId: tally.redemptionId,
    tallyId: tally.tallyId,
    ...compact({ protocol: plan.protocol }),
    role: tally.role,
    partner: tally.partner,
    database: tally.built.database,
    status: 'confirmed',
    durationMs,
  }
}
