import type { IssuedToken } from '../../store/ledger/tokens.ts'

/** The state of an invitation. `open`: there is a use left, though somebody may be about to take it. */
export type InvitationStatus = 'open' | 'used' | 'expired' | 'revoked'

export function invitationStatus(token: IssuedToken, now: number): InvitationStatus {
  if (token.revokedAt !== undefined) return 'revoked'
  if (token.uses !== null && token.used >= token.uses) return 'used'
  return token.expiresAt <= now ? 'expired' : 'open'
}
