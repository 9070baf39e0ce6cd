import type { IdentityFields } from '../identity-fields.ts'

/** What will be told to the inviter, and what is still missing. */
export interface Disclosure {
  readonly identity: IdentityFields
  /** Required by the inviter and not known here. */
  readonly missing: readonly string[]
}

/**
 * No more than needed: what the inviter requires, from the command line or else the settings, and what the
 * user named on the command line.
 */
export function discloseFor(
  required: readonly string[],
  settings: IdentityFields,
  given: IdentityFields,
): Disclosure {
  const identity: Record<string, string> = {}
  const missing: string[] = []
  for (const field of required) {
    const value = given[field] ?? settings[field] ?? ''
    if (value.trim() === '') missing.push(field)
    else identity[field] = value
  }
  for (const [field, value] of Object.entries(given)) {
    if (value.trim() !== '') identity[field] = value
  }
  return { identity, missing }
}
