import type { TallySyncStatus } from '../../service/sync/sync-status.ts'
import type { CheckedTally, TallyFault } from '../../service/tallies/checked-tallies.ts'
import type { TallyRecord } from '../../service/tallies/read-tally.ts'
import { isoTime } from '../text/time-text.ts'
import type { ConflictDocument } from './conflict-text.ts'
import { type TallySyncDocument, tallySyncDocument } from './sync-text.ts'

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
  /** How its document stands to the partner’s; `null` for a database that taleus does not sync. */
  readonly sync: TallySyncDocument | null
  /** Keys for which both have set a value without knowing of the other’s, until one of them sets it again. */
  readonly conflicts: readonly ConflictDocument[]
  /** The parties whose signature under the receipt this side keeps, and which verifies. */
  readonly signedBy: readonly ('inviter' | 'invitee')[]
  /** False if a part of it does not fit the others: then it is not to be relied on. */
  readonly verified: boolean
  /** The parts that do not fit. */
  readonly faults: readonly TallyFault[]
}

export function tallyDocument(
  { tally, faults }: CheckedTally,
  sync: TallySyncStatus | undefined,
  conflicts: readonly ConflictDocument[],
): TallyDocument {
  const { tallyId, status, role, partner, built, createdAt } = tally
  return {
    tallyId,
    status,
    role,
    partner,
    database: built.database,
    createdAt: isoTime(createdAt),
    sync: sync === undefined ? null : tallySyncDocument(sync),
    conflicts,
    signedBy: signersOf(tally, faults),
    verified: faults.length === 0,
    faults,
  }
}

function signersOf({ receipt }: TallyRecord, faults: readonly TallyFault[]) {
  return (['inviter', 'invitee'] as const).filter((side) => {
    return receipt?.[`${side}Signature`] !== undefined && !faults.includes(`${side}_signature`)
  })
}
