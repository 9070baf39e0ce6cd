import {
  type InvitationStatus,
  invitationStatus,
} from '../../service/invitations/invitation-status.ts'
import { isoTime } from '../text/time-text.ts'

type IssuedToken = Parameters<typeof invitationStatus>[0]

/** An invitation as `--json` tells it. */
export interface TokenDocument {
  readonly id: string
  readonly label: string | null
  /** The inviter's. */
  readonly role: IssuedToken['role']
  /** `null`: unlimited. */
  readonly uses: number | null
  readonly used: number
  readonly reserved: number
  readonly issuedAt: string
  readonly expiresAt: string
  readonly status: InvitationStatus
  /** The inviter says yes or no to each request. */
  readonly byHand: boolean
}

export function tokenDocument(token: IssuedToken, now: number): TokenDocument {
  const { id, role, uses, used, reserved } = token
  return {
    id,
    label: token.label ?? null,
    role,
    uses,
    used,
    reserved,
    issuedAt: isoTime(token.issuedAt),
    expiresAt: isoTime(token.expiresAt),
    status: invitationStatus(token, now),
    byHand: token.byHand === true,
  }
}
