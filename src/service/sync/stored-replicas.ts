import { deriveDocument, documentHeads } from '../../tally/document.ts'
import { TallyDocumentDamagedError } from '../../tally/errors.ts'
import { openReplica } from '../../tally/replica-store.ts'
import type { SyncedReplica, SyncReplicas } from '../../tally/sync/sync-ports.ts'
import { learnPlaces } from '../tallies/partner-places.ts'
import type { TallyRecord } from '../tallies/read-tally.ts'
import { tallyChunks } from '../tallies/tally-chunks.ts'
import type { SyncPorts } from './replica-ports.ts'
import { StoredReplica } from './stored-replica.ts'
import { isHeld, isShared } from './sync-state.ts'

/** The tallies of this store with one partner. Of all others it knows nothing. */
export class StoredReplicas implements SyncReplicas {
  readonly #ports: SyncPorts
  readonly #partner: string
  /** Tallies of which the partner has told its heads. */
  readonly met = new Set<string>()
  /** Changes of the partner's that were taken, by tally. */
  readonly taken = new Map<string, number>()

  /** @param partner the peer id that the connection authenticated */
  constructor(ports: SyncPorts, partner: string) {
    this.#ports = ports
    this.#partner = partner
  }

  async heads(tallyId: string): Promise<readonly string[] | null> {
    const { store, now } = this.#ports
    const tally = this.#find(tallyId)
    if (tally === undefined) return null
    const row = store.read(({ tallySyncs }) => tallySyncs.find(tallyId))
    if (isHeld(row, now())) return null
    return row.heads ?? (await this.#lookUp(tally))
  }

  async open(tallyId: string): Promise<SyncedReplica> {
    const tally = this.#find(tallyId)
    if (tally === undefined) throw new TypeError('a tally that has heads was removed')
    const done = await this.#ports.turns.take()
    return new StoredReplica(this.#ports, tally, {
      taken: (changes) => {
        this.taken.set(tallyId, (this.taken.get(tallyId) ?? 0) + changes)
      },
      closed: done,
    })
  }

  async told(tallyId: string, partnerHeads: readonly string[]): Promise<void> {
    const tally = this.#find(tallyId)
    if (tally === undefined) return
    this.met.add(tallyId)
    const { store, now } = this.#ports
    const at = now()
    await store.write(({ tallySyncs }) => {
      const row = tallySyncs.find(tallyId)
      const own = row.heads ?? []
      if (isEqual(own, partnerHeads)) {
        tallySyncs.noteMet(tallyId, { partnerHeads, ahead: 0, behind: 0, at })
        if (row.stop !== undefined) tallySyncs.setStop(tallyId, undefined, at)
        return
      }
      // The partner had these when they last met, or when the tally began.
      const common = row.partnerHeads ?? originOf(tally)
      const ahead = isEqual(own, common) ? 0 : Math.max(row.ahead, 1)
      const isNew = (head: string) => !own.includes(head) && !common.includes(head)
      const behind = partnerHeads.filter(isNew).length
      tallySyncs.noteMet(tallyId, { partnerHeads, ahead, behind, at })
    })
  }

  async reachedAt(addresses: readonly string[]): Promise<void> {
    const { store, now } = this.#ports
    await learnPlaces(store, this.#partner, addresses, now())
  }

  #find(tallyId: string): TallyRecord | undefined {
    const tally = this.#ports.store.read(({ tallies }) => tallies.find(tallyId))
    const isWithPartner = tally?.partner.peerId === this.#partner && isShared(tally)
    return isWithPartner ? tally : undefined
  }

  /** Looks the heads up in the document, once: from then on they are beside it. */
  async #lookUp({ tallyId, built }: TallyRecord): Promise<readonly string[] | null> {
    try {
      return await this.#ports.store.write(({ tallies, tallySyncs }) => {
        const heads = documentHeads(openReplica(tallyChunks(tallies), tallyId, built.draft.text))
        tallySyncs.setHeads(tallyId, heads)
        return heads
      })
    } catch (error) {
      // `tally show` and `audit verify` say so; the partner's is not asked to mend it.
      if (error instanceof TallyDocumentDamagedError) return null
      throw error
    }
  }
}

function originOf({ tallyId, built }: TallyRecord): readonly string[] {
  return documentHeads(deriveDocument(tallyId, built.draft.text))
}

function isEqual(some: readonly string[], others: readonly string[]): boolean {
  return some.toSorted().join() === others.toSorted().join()
}
