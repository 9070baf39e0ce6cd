import type { OwedNotice } from '../../session/ports/notices.ts'
import type { OwedRemoval } from '../../session/ports/removals.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { noticeRecords } from '../../store/records/notice-records.ts'
import { removalRecords } from '../../store/records/removal-records.ts'

/** Something that is owed, and failed at least once. Times are milliseconds since the epoch. */
export interface StuckThing {
  /** `removal`: of a database. `notice`: to the token hook, that a use is spent. */
  readonly what: 'removal' | 'notice'
  /** Of a removal. */
  readonly tallyId?: string
  /** Of a notice. */
  readonly tokenId?: string
  readonly sessionId: string
  readonly peerId: string
  readonly reason: string
  readonly since: number
  readonly tries: number
  readonly nextAt: number
  readonly lastError?: string
}

/** The stuck things that are told, and how many there are. */
export interface StuckThings {
  readonly things: readonly StuckThing[]
  readonly total: number
}

/** How many of each are told. */
const MAX_STUCK_TOLD = 1_000

/**
 * Databases that should be gone and could not be removed so far, and hosts that could not be told of a use; each kind
 * the longest first.
 * @throws StoreError
 */
export function stuckThings(store: Pick<RecordStore, 'query'>): Promise<StuckThings> {
  return store.query(function* () {
    const removals = yield* removalRecords.listFailed(MAX_STUCK_TOLD)
    const notices = yield* noticeRecords.listFailed(MAX_STUCK_TOLD)
    const total = (yield* removalRecords.countFailed()) + (yield* noticeRecords.countFailed())
    return { things: [...removals.map(removal), ...notices.map(notice)], total }
  })
}

function removal({
  fence: _fence,
  redemptionId: _redemption,
  claim: _claim,
  ...rest
}: OwedRemoval): StuckThing {
  return { what: 'removal', ...rest }
}

function notice({ fence: _fence, redemptionId: _redemption, ...rest }: OwedNotice): StuckThing {
  return { what: 'notice', reason: 'the host has not heard that the use is spent', ...rest }
}
