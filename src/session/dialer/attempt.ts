import { peerIdOfPublicKey } from '../../protocol/base/peer-id-text.ts'
import { linkHash as hashOfLink, secretToText, tokenIdOf } from '../../protocol/link/secret.ts'
import type { DialerState, Plan } from '../machine/dialer-state.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Clock } from '../ports/clock.ts'
import type { Ids } from '../ports/ids.ts'
import { readStore } from '../ports/read-store.ts'
import type { Attempt, SessionStore } from '../ports/store.ts'
import type { BootstrapRequest } from './bootstrap-request.ts'
import { requestHashOf } from './contact-message.ts'
import type { BootstrapFailed, BootstrapOutcome } from './outcome.ts'

/** A plan, and what of the link may not be part of it. */
export interface Planned {
  readonly plan: Plan
  readonly linkHash: string
  /** The newest attempt on the link so far. */
  readonly after: string | undefined
  /** Somebody works on this link. */
  readonly isBusy: boolean
  readonly secretText: string
}

export interface PlanPorts {
  readonly store: SessionStore
  readonly clock: Clock
  readonly ids: Ids
}

/** What to do about this link: go on with what was begun, or begin. */
export function planFor(request: BootstrapRequest, ports: PlanPorts, localPeer: string): Planned {
  const { link, another = false } = request
  const linkHash = hashOfLink(link)
  const wanted = {
    localPeer,
    role: link.role,
    identity: request.identity,
    cadre: request.cadre,
    another,
  }
  const { latest, kept, isBusy } = readStore(ports.store, (transaction) => ({
    latest: transaction.findAttempt(linkHash),
    kept: another ? undefined : transaction.keptAttempt(linkHash),
    isBusy: transaction.isLinkBusy(linkHash, ports.clock.now()),
  }))
  // Another one that failed does not hide the tally that is there.
  const candidate = kept ?? latest
  const begun =
    candidate !== undefined && goesOn(candidate, wanted, another) ? candidate : undefined
  const identity = begun?.identity ?? wanted.identity
  const cadre = begun?.cadre ?? wanted.cadre
  const consented = request.consented ?? begun?.consented
  const plan: Plan = {
    ...wanted,
    identity,
    cadre,
    ...(begun === undefined ? {} : asBefore(begun, { ...wanted, identity, cadre })),
    sessionId: ports.ids.session(),
    attemptId: begun?.attemptId ?? ports.ids.redemption(),
    ...(begun === undefined ? {} : { retries: begun.sessions }),
    bootstrapId: begun?.bootstrapId ?? ports.ids.redemption(),
    tokenId: tokenIdOf(link.secret),
    inviter: peerIdOfPublicKey(link.publicKey),
    expiresAt: link.expiresAt,
    addresses: link.addresses,
    inspectFirst: consented !== undefined || Object.keys(identity).length > 0 || cadre.length > 0,
    ...(consented === undefined ? {} : { consented }),
  }
  const after = latest?.attemptId
  return { plan, linkHash, after, isBusy, secretText: secretToText(link.secret) }
}

/** The same request, to the last bit, is what the inviter knows it by. */
function asBefore(
  begun: Attempt,
  wanted: Parameters<typeof requestHashOf>[0],
): Pick<Plan, 'another' | 'held'> {
  const same = [wanted.another, !wanted.another].find(
    (another) => requestHashOf({ ...wanted, another }) === begun.requestHash,
  )
  const held = begun.status === 'held' ? begun.tallyId : undefined
  return { another: same ?? wanted.another, ...(held === undefined ? {} : { held }) }
}

/** An unfinished attempt is taken up again; so is a finished one, which then only confirms itself. */
function goesOn(
  latest: Attempt,
  wanted: Parameters<typeof requestHashOf>[0],
  another: boolean,
): boolean {
  switch (latest.status) {
    case 'ended':
      return false
    // What is held was built from what was disclosed then.
    case 'held':
      return true
    case 'confirmed':
      return !another
    case 'running':
      return latest.requestHash === requestHashOf(wanted)
    default:
      return latest.status satisfies never
  }
}

export const LINK_BUSY: Denial = {
  code: 'in_progress',
  reason: 'this link is being redeemed by another process',
  retryAfterMs: 1_000,
}

/** This node takes no session more, or none on this link. */
export function notBegun(sessionId: string, denial: Denial): BootstrapFailed {
  const { code: reason, reason: detail, retryAfterMs } = denial
  const when = retryAfterMs === undefined ? {} : { retryAfterMs }
  const state = 'FAILED'
  return {
    completed: false,
    sessionId,
    state,
    reason,
    step: 'CREATED',
    detail,
    ...when,
    durationMs: 0,
  }
}

/** The final state, as the caller wants to know it. */
export function outcomeOf(state: DialerState, durationMs: number): BootstrapOutcome {
  const { sessionId } = state.plan
  switch (state.name) {
    case 'COMPLETED': {
      const { plan, approval, built } = state
      return {
        completed: true,
        sessionId,
        redemptionId: approval.redemptionId,
        tallyId: built.tally.tallyId,
        role: plan.role === 'stock' ? 'foil' : 'stock',
        partner: { peerId: plan.inviter, identity: approval.identity },
        database: built.database,
        status: 'confirmed',
        durationMs,
      }
    }
    case 'FAILED':
    case 'TIMEOUT': {
      const { failure, held } = state
      return {
        completed: false,
        sessionId,
        state: state.name,
        ...failure,
        ...(held === undefined ? {} : { heldTallyId: held.tally.tallyId }),
        durationMs,
      }
    }
    default:
      throw new TypeError(`a session ended in ${state.name}`)
  }
}

/**
 * The inviter is away, but this link has led to a confirmed tally before: that is the answer.
 * @throws StoreError
 */
export async function finishedBefore(
  outcome: BootstrapFailed,
  linkHash: string,
  store: SessionStore,
  durationMs: number,
): Promise<BootstrapOutcome | undefined> {
  if (outcome.reason !== 'unreachable') return undefined
  const { value: tally, durable } = store.transact((transaction) => {
    const attempt = transaction.keptAttempt(linkHash)
    return attempt?.status === 'confirmed' && attempt.tallyId !== undefined
      ? transaction.findTally(attempt.tallyId)
      : undefined
  })
  await durable
  if (tally?.status !== 'confirmed') return undefined
  return {
    completed: true,
    sessionId: outcome.sessionId,
    redemptionId: tally.redemptionId,
    tallyId: tally.tallyId,
    role: tally.role,
    partner: tally.partner,
    database: tally.built.database,
    status: 'confirmed',
    durationMs,
  }
}
