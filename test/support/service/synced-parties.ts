import { onTestFinished } from 'vitest'
import { buildDraft } from '../../../src/protocol/draft/draft.ts'
import { canonicalJson } from '../../../src/protocol/json/canonical-json.ts'
import { GuardTurns } from '../../../src/service/sync/guard-turns.ts'
import type { SyncPorts } from '../../../src/service/sync/replica-ports.ts'
import { StoredReplicas } from '../../../src/service/sync/stored-replicas.ts'
import { editTally } from '../../../src/service/tallies/edit-tally.ts'
import { openedReplica, type TallyRecord } from '../../../src/service/tallies/read-tally.ts'
import { tallySyncRecords } from '../../../src/store/sync/tally-sync-records.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import { automergeDatabase } from '../../../src/tally/automerge-database.ts'
import type { ChangeSigner } from '../../../src/tally/change-author.ts'
import { readDocument } from '../../../src/tally/document.ts'
import { readNow } from '../store/read-now.ts'

/** A tally between Alice, who holds the stock, and Bob; as one of them has it. */
export function tallyOf(
  tallyId: string,
  parties: { readonly alice: string; readonly bob: string },
  side: 'alice' | 'bob',
  cadre: { readonly alice?: readonly string[]; readonly bob?: readonly string[] } = {},
): TallyRecord {
  const createdAt = 1_700_000_000_000
  const draft = buildDraft({
    tallyId,
    createdAt,
    createdBy: 'stock',
    stock: { partyId: parties.alice, identity: {}, cadre: cadre.alice ?? [] },
    foil: { partyId: parties.bob, identity: {}, cadre: cadre.bob ?? [] },
    terms: {},
  })
  return {
    tallyId,
    role: side === 'alice' ? 'stock' : 'foil',
    partner: { peerId: side === 'alice' ? parties.bob : parties.alice, identity: {} },
    built: {
      tally: { tallyId, createdBy: 'stock' },
      database: automergeDatabase(tallyId),
      draft,
    },
    status: 'confirmed',
    redemptionId: `r-${tallyId}`,
    createdAt,
  }
}

/** One party with its store, which is gone when the test is. */
export class StoredParty {
  readonly peerId: string
  readonly signer: ChangeSigner
  readonly store: Store
  /** Moves on by a second with each look at it. */
  #time = 1_700_000_100_000
  readonly ports: SyncPorts

  /** @param store by default a new one */
  constructor(signer: ChangeSigner, store: Store = openMemoryStore()) {
    this.store = store
    this.signer = signer
    this.peerId = signer.peerId
    const now = () => (this.#time += 1_000)
    this.ports = { store: this.store, turns: new GuardTurns(), now, signer }
    onTestFinished(() => this.store.close())
  }

  async keep(...tallies: readonly TallyRecord[]): Promise<void> {
    await this.store.write((tables) => {
      for (const tally of tallies) tables.tallies.insert(tally)
    })
  }

  replicasWith(partner: StoredParty): StoredReplicas {
    return new StoredReplicas(this.ports, partner.peerId)
  }

  async set(tally: TallyRecord, key: string, value: string | number): Promise<void> {
    await editTally(this.store, tally, { key, value, at: 1_700_000_001_000 }, this.signer)
  }

  read(tally: TallyRecord): string {
    return canonicalJson(readDocument(readNow(this.store, () => openedReplica(tally))))
  }

  row(tallyId: string) {
    return readNow(this.store, () => tallySyncRecords.find(tallyId))
  }

  /** The audit's events about syncs, oldest first. */
  audited(): readonly string[] {
    const records = this.store.read(({ audit }) => [...audit.rows()])
    return records.flatMap(({ text }) => {
      const { data } = JSON.parse(text)
      return String(data.event).startsWith('tally.')
        ? [`${data.event} ${data.reason ?? data.changes}`]
        : []
    })
  }
}
