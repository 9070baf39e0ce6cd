import type { IssuedToken } from '../../store/ledger/tokens.ts'

/**
 * The state of an invitation. `open`: there is a use left, though somebody may be about to take it; `paused`: so, too, but
 * none is given for now.
 */
export type InvitationStatus = 'open' | 'paused' | 'used' | 'expired' | 'revoked'

export function invitationStatus(token: IssuedToken, now: number): InvitationStatus {
  if (token.revokedAt !== undefined) return 'revoked'
  if (token.uses !== null && token.used >= token.uses) return 'used'
  if (token.expiresAt <= now) return 'expired'
  return token.pausedAt === undefined ? 'open' : 'paused'
}
