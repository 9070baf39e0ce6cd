import { ownMember } from '../../protocol/base/own-member.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { Offer } from '../../protocol/message/messages.ts'
import type { Plan } from './dialer-state.ts'

/** Equal as JSON: member order does not matter, array order does. */
export function sameJson(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (isArray(a) || isArray(b)) {
    if (!isArray(a) || !isArray(b) || a.length !== b.length) return false
    return a.every((item, index) => sameJson(item, b[index] ?? null))
  }
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  return names.every((name) => {
    const other = ownMember(b, name)
    return other !== undefined && sameJson(a[name] ?? null, other)
  })
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/**
 * Tells how the offer differs from the link, or from what the user agreed to; `undefined` if it does not.
 * Called before anything is disclosed.
 */
export function offerDifference(plan: Plan, offer: Offer): string | undefined {
  if (offer.role !== plan.role) return 'the role is not the one in the link'
  if (offer.expiresAt !== plan.expiresAt) return 'the expiry is not the one in the link'
  const seen = plan.consented
  if (seen === undefined) return undefined
  if (!sameJson(offer.terms, seen.terms)) return 'the terms are not the ones that were agreed to'
  if (!sameJson(offer.required, seen.required)) return 'other disclosures are required than before'
  return undefined
}
