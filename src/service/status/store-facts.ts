import { compact } from '../../protocol/base/compact.ts'
import { ownMember } from '../../protocol/base/own-member.ts'
import type { PendingRequest } from '../../session/ports/uses/pending-request.ts'
import type { Query } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { pendingRequestRecords } from '../../store/records/pending-request-records.ts'
import type { SyncCounts } from '../../store/sync/tally-sync-records.ts'
import { tallySyncRecords } from '../../store/sync/tally-sync-records.ts'
import { reapingPausedUntil } from '../reaping/reap-pause.ts'

/** For how long the tallies' states are told again, ms: all rows are looked at for them. */
const SYNCS_FRESH_MS = 5_000

/** How many of those that wait are named. */
const NAMED_WAITING = 5

/** The requests that wait for the inviter's word. */
interface WaitingRequests {
  readonly count: number
  /** Those that wait the longest, a few. The name is foreign text. */
  readonly oldest: readonly (Pick<PendingRequest, 'id' | 'peerId'> & {
    readonly peerName?: string
  })[]
}

/** Facts about a listener that only its store knows: commands write there from processes of their own. */
export interface KnownFacts {
  /** Tallies that are not synced any further. */
  readonly syncStopped: number
  /** Nothing is reaped by itself until then, milliseconds since the epoch. */
  readonly reapPausedUntil?: number
  /** Left out if none do. */
  readonly waiting?: WaitingRequests
  /** Left out if no document was set or synced yet. */
  readonly syncs?: SyncCounts
}

const NONE: KnownFacts = { syncStopped: 0 }

/** Remembers those facts as they were at the last look. */
export class StoreFacts {
  readonly #store: Pick<RecordStore, 'query'>
  #now = NONE
  #syncsAt = Number.NEGATIVE_INFINITY

  constructor(store: Pick<RecordStore, 'query'>) {
    this.#store = store
  }

  /** As of the last look. */
  get now(): KnownFacts {
    return this.#now
  }

  /** Looks again. Of a store that can't be read those tell who need it: then nothing is known. */
  async look(): Promise<void> {
    const at = performance.now()
    const isSyncsDue = at - this.#syncsAt > SYNCS_FRESH_MS
    const { syncs } = this.#now
    const now = Date.now()
    try {
      this.#now = await this.#store.query(function* () {
        return compact({
          syncStopped: yield* tallySyncRecords.countStopped(),
          reapPausedUntil: yield* reapingPausedUntil(now),
          waiting: yield* waiting(),
          syncs: isSyncsDue ? yield* countedSyncs() : syncs,
        })
      })
      if (isSyncsDue) this.#syncsAt = at
    } catch {
      this.#now = NONE
    }
  }
}

function* waiting(): Query<WaitingRequests | undefined> {
  const count = yield* pendingRequestRecords.countWaiting()
  if (count === 0) return undefined
  const oldest = yield* pendingRequestRecords.oldestWaiting(NAMED_WAITING)
  return {
    count,
    oldest: oldest.map(({ id, peerId, identity }) =>
      compact({ id, peerId, peerName: ownMember(identity, 'name') }),
    ),
  }
}

function* countedSyncs(): Query<SyncCounts | undefined> {
  const counts = yield* tallySyncRecords.countStates()
  return Object.values(counts).some((count) => count > 0) ? counts : undefined
}
