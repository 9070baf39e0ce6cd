import type { TallyRecord } from '../../service/tallies/read-tally.ts'
import { isoTime } from '../text/time-text.ts'

/** A tally as `--json` tells it, without what is in it. */
export interface TallyDocument {
  readonly tallyId: string
  /** `offered`: not acknowledged. `held`: here, not confirmed by the inviter. `withdrawn`: taken back by it. */
  readonly status: TallyRecord['status']
  /** This side's half. */
  readonly role: TallyRecord['role']
  readonly partner: TallyRecord['partner']
  readonly database: TallyRecord['built']['database']
  readonly createdAt: string
  /** The parties whose signature under the receipt this side keeps. */
  readonly signedBy: readonly ('inviter' | 'invitee')[]
}

export function tallyDocument(tally: TallyRecord): TallyDocument {
  const { tallyId, status, role, partner, built, createdAt, receipt } = tally
  return {
    tallyId,
    status,
    role,
    partner,
    database: built.database,
    createdAt: isoTime(createdAt),
    signedBy: [
      ...(receipt?.inviterSignature === undefined ? [] : ['inviter' as const]),
      ...(receipt?.inviteeSignature === undefined ? [] : ['invitee' as const]),
    ],
  }
}
