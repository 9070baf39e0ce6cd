/** The half of a tally that a party holds. A link and every message give the **inviter's** role. */
export type Role = 'stock' | 'foil'

/** Returns the role of the other party. */
export function oppositeRole(role: Role): Role {
  return role === 'stock' ? 'foil' : 'stock'
}
