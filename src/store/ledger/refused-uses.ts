import type { RefusedUse } from '../../session/ports/uses/reservation.ts'

/** A peer whose earlier request is still under way may ask again after so many ms. */
const IN_PROGRESS_RETRY_MS = 1_000

export const WITHDRAWN_OFFER: RefusedUse = {
  kind: 'refused',
  code: 'withdrawn',
  reason: 'this was not acknowledged for long, and was withdrawn',
}

export const REVOKED: RefusedUse = {
  kind: 'refused',
  code: 'revoked',
  reason: 'this invitation was withdrawn',
}

/** After so many ms to ask again: the new terms are there then. */
const CHANGING_RETRY_MS = 250

/** The terms were changed after the token was checked. */
export const CHANGING: RefusedUse = {
  kind: 'refused',
  code: 'busy',
  reason: 'the terms of this invitation were changed just now',
  retryAfterMs: CHANGING_RETRY_MS,
}

/** The invitee has agreed to other terms. */
export const OFFER_CHANGED: RefusedUse = {
  kind: 'refused',
  code: 'offer_changed',
  reason: 'this invitation has other terms by now',
}

export const EXPIRED: RefusedUse = {
  kind: 'refused',
  code: 'expired',
  reason: 'this invitation has expired',
}

export const DECLINED: RefusedUse = {
  kind: 'refused',
  code: 'declined',
  reason: 'this offer was declined before',
}

export const OTHER_CONTENT: RefusedUse = {
  kind: 'refused',
  code: 'mismatch',
  reason: 'the same request came before with other content',
}

export const UNDER_WAY: RefusedUse = inProgress('this request is already under way')

/** After how many ms to ask again whether a use that somebody else has the inviter's yes for is free again. */
const HELD_RETRY_MS = 60_000

export const HELD_BY_HAND: RefusedUse = {
  kind: 'refused',
  code: 'in_progress',
  reason: 'the last use is held for somebody else, to whom the inviter has said yes',
  retryAfterMs: HELD_RETRY_MS,
}

/** A yes could take no use of it, and without one a hook that wants it asked for would be passed over. */
export const NOT_BY_HAND: RefusedUse = {
  kind: 'refused',
  code: 'internal',
  reason:
    'the inviter’s token hook wants a yes by hand, at an invitation that was made without --approve',
}

export const CROWDED: RefusedUse = {
  kind: 'refused',
  code: 'busy',
  reason: 'too many wait for the inviter’s yes already',
  retryAfterMs: HELD_RETRY_MS,
}

export function deniedByHand(reason = 'the inviter has said no'): RefusedUse {
  return { kind: 'refused', code: 'denied', reason }
}

/** Tells apart what is used up for good, and what may become free again. @param pending number of uses that are reserved */
export function takenUses(pending: number): RefusedUse {
  return pending > 0
    ? inProgress('somebody else is redeeming the last use right now')
    : { kind: 'refused', code: 'used', reason: 'this invitation is used up' }
}

function inProgress(reason: string): RefusedUse {
  return { kind: 'refused', code: 'in_progress', reason, retryAfterMs: IN_PROGRESS_RETRY_MS }
}
