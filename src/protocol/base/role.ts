/** The half of a tally that a party holds. A link and every message state the **inviter's** role. */
export type Role = 'stock' | 'foil'

/** The role of the other party. */
export function oppositeRole(role: Role): Role {
  return role === 'stock' ? 'foil' : 'stock'
}
