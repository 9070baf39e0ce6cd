import type { KnownHeads, TallyHeads } from '../../protocol/sync/sync-frames.ts'
import type { Query } from '../../store/query/query.ts'
import { tallyRecords } from '../../store/records/tally-records.ts'
import { type SharedTallyRow, sharedTallyRecords } from '../../store/sync/shared-tally-records.ts'
import { tallySyncRecords } from '../../store/sync/tally-sync-records.ts'
import { isOurs } from '../../tally/automerge-database.ts'
import { originHeads } from '../../tally/document.ts'
import type { SyncedReplica, SyncReplicas } from '../../tally/sync/sync-ports.ts'
import { learnPlaces } from '../tallies/partner-places.ts'
import type { TallyRecord } from '../tallies/read-tally.ts'
import { lookUpHeads } from './look-up-heads.ts'
import { PartnerGuard } from './partner-guard.ts'
import type { SyncPorts } from './replica-ports.ts'
import { StoredReplica } from './stored-replica.ts'
import type { SyncNews } from './sync-news.ts'
import { isHeld, isShared, MAX_SHARED_TALLIES } from './sync-state.ts'

/** The tallies of this store with one partner. Of all others it knows nothing. */
export class StoredReplicas implements SyncReplicas {
  readonly #ports: SyncPorts
  readonly #partner: string
  readonly #guard: PartnerGuard
  /** Tallies of which the partner has told its heads. */
  readonly met = new Set<string>()
  /** Changes of the partner's that were taken, by tally. */
  readonly taken = new Map<string, number>()
  /** Changes of this side's that the partner has told to have, and had not told before. */
  #given = 0
  readonly #stopped: string[] = []
  /** Answers of the partner's to changes of ours: so many times it has taken some, or would not. */
  #answered = 0
  #hasMoved = false

  /**
   * @param partner the peer id that the connection authenticated
   * @param giveUp ends the exchange: the partner keeps others waiting
   */
  constructor(ports: SyncPorts, partner: string, giveUp: () => void = () => undefined) {
    this.#ports = ports
    this.#partner = partner
    this.#guard = new PartnerGuard({ turns: ports.turns, guard: ports.newGuard?.(), giveUp })
  }

  /** Tells what has come of it until now. */
  get summary(): Pick<SyncNews, 'taken' | 'given' | 'stopped'> {
    const taken = [...this.taken.values()].reduce((sum, count) => sum + count, 0)
    return { taken, given: this.#given, stopped: this.#stopped }
  }

  /** Grows whenever something has gone over, either way. */
  get progress(): number {
    return this.summary.taken + this.#given + this.#answered
  }

  /** True if something has gone over since the partner was met before this: then it makes sense to go on soon. */
  get hasProgressed(): boolean {
    return this.summary.taken + this.#given > 0 || this.#hasMoved
  }

  async all(): Promise<readonly KnownHeads[]> {
    const shared = await this.#ports.store.query(() =>
      sharedTallyRecords.with(this.#partner, MAX_SHARED_TALLIES),
    )
    return await this.#known(shared)
  }

  async heads(tallyIds: readonly string[]): Promise<readonly TallyHeads[]> {
    const asked = await this.#ports.store.query(() =>
      sharedTallyRecords.among(this.#partner, tallyIds),
    )
    const known = new Map((await this.#known(asked)).map((one) => [one.tallyId, one.heads]))
    return tallyIds.map((tallyId) => ({ tallyId, heads: known.get(tallyId) ?? null }))
  }

  async open(tallyId: string): Promise<SyncedReplica> {
    const tally = await this.#find(tallyId)
    if (tally === undefined) throw new TypeError('a tally that has heads was removed')
    const guard = await this.#guard.take()
    const replica = new StoredReplica(this.#ports, tally, guard, {
      taken: (changes) => {
        this.taken.set(tallyId, (this.taken.get(tallyId) ?? 0) + changes)
      },
      stopped: () => this.#stopped.push(tallyId),
    })
    let isAwaited = false
    return {
      generate: async () => {
        const turn = await this.#guard.during(() => replica.generate())
        isAwaited = turn !== undefined && turn.signatures.length > 0
        return turn
      },
      receive: async (turn) => {
        if (isAwaited) this.#answered += 1
        await this.#guard.during(() => replica.receive(turn))
      },
      close: () => this.#guard.rest(),
    }
  }

  async equal(tallies: readonly KnownHeads[]): Promise<void> {
    if (tallies.length === 0) return
    for (const { tallyId } of tallies) this.met.add(tallyId)
    const { store, now } = this.#ports
    const at = now()
    this.#given += await store.transact(() => tallySyncRecords.noteEqual(tallies, at))
  }

  async different(theirs: readonly KnownHeads[]): Promise<void> {
    const known: { tally: TallyRecord; heads: readonly string[] }[] = []
    for (const { tallyId, heads } of theirs) {
      const tally = await this.#find(tallyId)
      if (tally !== undefined) known.push({ tally, heads })
    }
    if (known.length === 0) return
    const { store, now } = this.#ports
    const at = now()
    const moved = await store.transact(function* () {
      let count = 0
      for (const { tally, heads } of known) if (yield* noteTold(tally, heads, at)) count += 1
      return count
    })
    for (const { tally } of known) this.met.add(tally.tallyId)
    if (moved > 0) this.#hasMoved = true
  }

  async reachedAt(addresses: readonly string[]): Promise<void> {
    const { store, now } = this.#ports
    await learnPlaces(store, this.#partner, addresses, now())
  }

  /** Ends what guards the documents. They may be opened anew. */
  async close(): Promise<void> {
    await this.#guard.end()
  }

  /** Looks up heads that are not beside their documents; leaves out what is not synced now, or can't be read. */
  async #known(shared: readonly SharedTallyRow[]): Promise<readonly KnownHeads[]> {
    const { store, now } = this.#ports
    const at = now()
    const synced = shared.filter((row) => isOurs(row.database, row.tallyId) && !isHeld(row, at))
    const unknown = synced.filter(({ heads }) => heads === undefined)
    const looked = await lookUpHeads(
      store,
      unknown.map(({ tallyId }) => tallyId),
    )
    return synced.flatMap(({ tallyId, heads = looked.get(tallyId) }) =>
      heads === undefined ? [] : [{ tallyId, heads }],
    )
  }

  async #find(tallyId: string): Promise<TallyRecord | undefined> {
    const tally = await this.#ports.store.query(() => tallyRecords.find(tallyId))
    const isWithPartner = tally?.partner.peerId === this.#partner && isShared(tally)
    return isWithPartner ? tally : undefined
  }
}

/** Notes heads that the partner has told of a tally. @returns true if they are other ones than before */
function* noteTold(
  tally: TallyRecord,
  partnerHeads: readonly string[],
  at: number,
): Query<boolean> {
  const { tallyId } = tally
  const row = yield* tallySyncRecords.find(tallyId)
  const own = row.heads ?? []
  // The partner had these when they last met, or when the tally began.
  const common = row.partnerHeads ?? originOf(tally)
  const ahead = isEqual(own, common) ? 0 : Math.max(row.ahead, 1)
  const isNew = (head: string) => !own.includes(head) && !common.includes(head)
  const behind = partnerHeads.filter(isNew).length
  yield* tallySyncRecords.noteMet(tallyId, { partnerHeads, ahead, behind, at })
  return !isEqual(partnerHeads, row.partnerHeads ?? [])
}

function originOf({ tallyId, built }: TallyRecord): readonly string[] {
  return originHeads(tallyId, built.draft.text)
}

function isEqual(some: readonly string[], others: readonly string[]): boolean {
  return some.toSorted().join() === others.toSorted().join()
}
