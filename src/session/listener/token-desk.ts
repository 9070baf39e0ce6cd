import type { HookRefusal, TokenInfo } from '../../hooks/session-hooks.ts'
import type { Offer } from '../../protocol/messages.ts'
import { callHook } from '../call-hook.ts'
import { reserveAnswer, tokenAnswer } from '../hook-answers.ts'
import type { Denial } from '../machine/listener-event.ts'
import type { Claim, ContactFacts, Grant } from '../machine/listener-state.ts'
import type { ReserveOutcome, ReserveRequest, StoreTransaction } from '../ports/store.ts'
import type { StepScope } from '../step-scope.ts'
import { hookContext, type ListenerDesk } from './listener-desk.ts'

/** How long a use stays reserved while this side works on it, ms: the longest session, twice over. */
export const RESERVATION_MS = 60_000

/** What the peer is told when a hook of its own says no without words. */
const REASONS: Partial<Record<Denial['code'], string>> = {
  invalid_token: 'this invitation is not known here',
  expired: 'this invitation has expired',
  revoked: 'this invitation was withdrawn',
  used: 'this invitation is used up',
}

export function denialOf(refusal: HookRefusal): Denial {
  const { refused: code, reason, fields } = refusal
  return {
    code,
    reason: reason ?? REASONS[code] ?? 'the inviter refused',
    ...(fields === undefined ? {} : { fields }),
  }
}

function isRefusal(answer: HookRefusal | TokenInfo): answer is HookRefusal {
  return 'refused' in answer
}

/** Whoever shows the right secret may know what became of the token; a stranger may not. */
function isRecognised(denial: Denial): boolean {
  return denial.code !== 'invalid_token'
}

function grantOf(info: TokenInfo): Grant {
  return {
    tokenId: info.tokenId,
    role: info.initiatorRole,
    expiresAt: Date.parse(info.expiryUtc),
    required: info.identityRequirements,
    optional: info.identityOptional ?? [],
    usesAllowed: info.usesAllowed,
    terms: info.terms ?? null,
  }
}

/** Ask the token hook about the presented token. */
function validate(
  desk: ListenerDesk,
  scope: StepScope,
  then: (answer: Grant | Denial, tokenId: string) => void,
): void {
  const { presented } = desk
  if (presented === undefined) {
    desk.dispatch({ type: 'hookFailed', hook: 'token', detail: 'no token was presented' })
    return
  }
  callHook(
    scope,
    tokenAnswer,
    () => desk.ports.hooks.token.validate(presented, hookContext(desk, scope.signal)),
    {
      answered: (answer) => {
        if (isRefusal(answer)) then(denialOf(answer), presented.tokenId)
        else then(stillGood(desk, grantOf(answer)), presented.tokenId)
      },
      failed: (detail) => desk.dispatch({ type: 'hookFailed', hook: 'token', detail }),
    },
  )
}

/** The hook's own clock is not ours. */
function stillGood(desk: ListenerDesk, grant: Grant): Grant | Denial {
  return grant.expiresAt > desk.ports.clock.now()
    ? grant
    : { code: 'expired', reason: 'this invitation has expired' }
}

function isDenial(answer: Grant | Denial): answer is Denial {
  return 'code' in answer
}

/** Inspect: what is on offer, to whoever shows the right secret. */
export function describeOffer(desk: ListenerDesk, scope: StepScope): void {
  validate(desk, scope, (answer, tokenId) => {
    if (isDenial(answer)) {
      desk.dispatch({
        type: 'tokenRefused',
        denial: answer,
        recognised: isRecognised(answer),
        tokenId,
      })
      return
    }
    const { publicName } = desk.ports.party()
    const offer: Offer = {
      type: 'Offer',
      role: answer.role,
      ...(publicName === undefined ? {} : { name: publicName }),
      terms: answer.terms,
      required: answer.required,
      optional: answer.optional,
      expiresAt: Math.floor(answer.expiresAt / 1000),
    }
    desk.dispatch({ type: 'offerReady', offer, tokenId })
  })
}

/** Decline: only the holder of the secret can end the offer for itself. */
export function checkDecline(desk: ListenerDesk, scope: StepScope, reason?: string): void {
  validate(desk, scope, (answer, tokenId) => {
    if (isDenial(answer) && !isRecognised(answer)) {
      desk.dispatch({ type: 'tokenRefused', denial: answer, recognised: false, tokenId })
      return
    }
    const event = { type: 'declineRecognised' as const, tokenId }
    desk.dispatch(reason === undefined ? event : { ...event, reason })
  })
}

/** Contact: check the token, then reserve a use of it in the ledger. */
export function claimToken(desk: ListenerDesk, scope: StepScope): void {
  const { state } = desk
  if (state.name !== 'VALIDATING_TOKEN') return
  validate(desk, scope, (answer, tokenId) => {
    const { contact } = state
    if (isDenial(answer)) {
      refuseOrResume(desk, answer, tokenId, contact)
      return
    }
    if (contact.role !== answer.role) {
      refuse(desk, tokenId, {
        code: 'mismatch',
        reason: 'the role in the link is not the one of this invitation',
      })
      return
    }
    const outcome = desk.ports.store.transact((transaction) =>
      transaction.hasDeclined(tokenId, desk.peerId)
        ? DECLINED
        : audited(desk, transaction, tokenId, transaction.reserve(request(desk, answer, contact))),
    ).value
    settle(desk, scope, answer, outcome)
  })
}

const DECLINED: ReserveOutcome = {
  kind: 'refused',
  code: 'declined',
  reason: 'this offer was declined before',
}

function refuse(desk: ListenerDesk, tokenId: string, denial: Denial): void {
  desk.dispatch({ type: 'tokenRefused', denial, recognised: isRecognised(denial), tokenId })
}

/** The token is no longer good for anybody new; what this peer already has on it still stands. */
function refuseOrResume(
  desk: ListenerDesk,
  denial: Denial,
  tokenId: string,
  contact: ContactFacts,
): void {
  const found = isRecognised(denial)
    ? desk.ports.store.transact((transaction) => {
        const grant = transaction.grantOf(tokenId)
        if (grant === undefined) return undefined
        const outcome = transaction.resume(request(desk, grant, contact))
        return outcome?.kind === 'replayed' ? { grant, outcome } : undefined
      }).value
    : undefined
  if (found === undefined) {
    refuse(desk, tokenId, denial)
    return
  }
  replay(desk, found.grant, found.outcome)
}

function request(desk: ListenerDesk, grant: Grant, contact: ContactFacts): ReserveRequest {
  const now = desk.ports.clock.now()
  return {
    redemptionId: desk.ports.ids.redemption(),
    sessionId: desk.sessionId,
    grant,
    inviter: desk.ports.party().peerId,
    peerId: desk.peerId,
    bootstrapId: contact.bootstrapId,
    requestHash: contact.requestHash,
    another: contact.another,
    now,
    reservedUntil: now + RESERVATION_MS,
    isRunning: (redemptionId) => desk.isRunning(redemptionId),
  }
}

/** The token's life-cycle, in the same transaction as the reservation. */
function audited(
  desk: ListenerDesk,
  transaction: StoreTransaction,
  tokenId: string,
  outcome: ReserveOutcome,
): ReserveOutcome {
  const facts = { id: desk.sessionId, peerId: desk.peerId, tokenId }
  switch (outcome.kind) {
    case 'reserved': {
      const { redemptionId, fence, use } = outcome.claim
      const record = { ...facts, redemptionId }
      desk.audit.write(transaction, 'token', 'info', record, { event: 'reserved', fence, use })
      break
    }
    case 'refused':
      if (outcome.code === 'used' || outcome.code === 'mismatch') {
        const data = { event: 'token.reuse', code: outcome.code }
        desk.audit.write(transaction, 'security', 'alarm', facts, data)
      }
      break
    case 'replayed':
      break
    default:
      outcome satisfies never
  }
  return outcome
}

function settle(desk: ListenerDesk, scope: StepScope, grant: Grant, outcome: ReserveOutcome): void {
  switch (outcome.kind) {
    case 'refused': {
      const { code, reason, retryAfterMs } = outcome
      const denial = retryAfterMs === undefined ? { code, reason } : { code, reason, retryAfterMs }
      refuse(desk, grant.tokenId, denial)
      break
    }
    case 'replayed':
      replay(desk, grant, outcome)
      break
    case 'reserved':
      desk.runs(outcome.claim.redemptionId)
      reserveWithHost(desk, scope, grant, outcome.claim)
      break
    default:
      outcome satisfies never
  }
}

function replay(
  desk: ListenerDesk,
  grant: Grant,
  { claim, tallyId }: Extract<ReserveOutcome, { kind: 'replayed' }>,
): void {
  desk.runs(claim.redemptionId)
  desk.dispatch({ type: 'tokenReplayed', grant, claim, tallyId })
}

/** A host that shares its tokens between nodes has the last word on the use. */
function reserveWithHost(desk: ListenerDesk, scope: StepScope, grant: Grant, claim: Claim): void {
  const hook = desk.ports.hooks.token
  const info = desk.presented
  if (hook.reserve === undefined || info === undefined) {
    desk.dispatch({ type: 'tokenReserved', grant, claim })
    return
  }
  const reserve = hook.reserve.bind(hook)
  callHook(
    scope,
    reserveAnswer,
    () => reserve(toInfo(grant), hookContext(desk, scope.signal, claim)),
    {
      answered: (answer) => {
        if (answer === true) {
          desk.dispatch({ type: 'tokenReserved', grant, claim })
          return
        }
        giveBack(desk, claim, answer.refused)
        refuse(desk, grant.tokenId, denialOf(answer))
      },
      failed: (detail) => {
        giveBack(desk, claim, 'hook_failed')
        desk.dispatch({ type: 'hookFailed', hook: 'token', detail })
      },
    },
  )
}

function giveBack(desk: ListenerDesk, claim: Claim, reason: string): void {
  desk.ports.store.transact((transaction) =>
    transaction.release(claim, reason, desk.ports.clock.now()),
  )
}

function toInfo(grant: Grant): TokenInfo {
  return {
    tokenId: grant.tokenId,
    initiatorRole: grant.role,
    expiryUtc: new Date(grant.expiresAt).toISOString(),
    identityRequirements: grant.required,
    identityOptional: grant.optional,
    usesAllowed: grant.usesAllowed,
    terms: grant.terms,
  }
}
