import { ownMember } from '../../protocol/base/own-member.ts'
import type { IdentityBundle } from '../../protocol/message/messages.ts'

/** The fields that will be told to the inviter, and those that are still missing. */
export interface Disclosure {
  readonly identity: IdentityBundle
  /** Multiaddrs of the nodes that this side nominates: where it is found. */
  readonly cadre: readonly string[]
  /** Required by the inviter and not known here. */
  readonly missing: readonly string[]
}

/**
 * No more than needed: what the inviter requires, from what was given or else from what is kept, and
 * whatever else was given. The cadre is told as it is.
 */
export function discloseFor(
  required: readonly string[],
  { identity: kept, cadre }: Pick<Disclosure, 'identity' | 'cadre'>,
  given: IdentityBundle,
): Disclosure {
  const identity = new Map<string, string>()
  const missing: string[] = []
  for (const field of required) {
    const value = ownMember(given, field) ?? ownMember(kept, field) ?? ''
    if (value.trim() === '') missing.push(field)
    else identity.set(field, value)
  }
  for (const [field, value] of Object.entries(given)) {
    if (value.trim() !== '') identity.set(field, value)
  }
  return { identity: Object.fromEntries(identity), cadre, missing }
}
