import * as Automerge from '@automerge/automerge'
import { canonicalJson } from '../../../src/protocol/json/canonical-json.ts'
import { GuardTurns } from '../../../src/service/sync/guard-turns.ts'
import type { SyncPorts } from '../../../src/service/sync/replica-ports.ts'
import { StoredReplicas } from '../../../src/service/sync/stored-replicas.ts'
import { editTally } from '../../../src/service/tallies/edit-tally.ts'
import { openedReplica, type TallyRecord } from '../../../src/service/tallies/read-tally.ts'
import { tallyChunkRecords } from '../../../src/store/records/tally-chunk-records.ts'
import { tallySyncRecords } from '../../../src/store/sync/tally-sync-records.ts'
import { openStore, type Store } from '../../../src/store/transaction/store.ts'
import type { ChangeSigner } from '../../../src/tally/change-author.ts'
import { openDocument, readDocument } from '../../../src/tally/document.ts'
import { type OwnDocument, SyncedDocument } from '../../../src/tally/guard/synced-document.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import { readNow } from '../../support/store/read-now.ts'

/** One party with a store in a file, and its documents judged in this process. */
export class Side {
  readonly signer: ChangeSigner
  readonly tallies: readonly TallyRecord[]
  readonly #file: string
  #store: Store
  #time = 1_700_000_100_000
  /** Changes that were told as stored, by tally: heads that the document had then. */
  readonly #told: { readonly tallyId: string; readonly head: string }[] = []

  constructor(file: string, signer: ChangeSigner, tallies: readonly TallyRecord[]) {
    this.#file = file
    this.signer = signer
    this.tallies = tallies
    this.#store = openStore(file)
  }

  async keepAll(): Promise<void> {
    await this.#store.write((tables) => {
      for (const tally of this.tallies) tables.tallies.insert(tally)
    })
  }

  /** Opens the store anew, as another process would. */
  restart(): void {
    this.#store.close()
    this.#store = openStore(this.#file)
  }

  close(): void {
    this.#store.close()
  }

  get ports(): SyncPorts {
    const now = () => (this.#time += 1_000)
    const newGuard = () => ({ guard: judgedHere, end: async () => undefined })
    return { store: this.#store, turns: new GuardTurns(), signer: this.signer, now, newGuard }
  }

  replicasWith(partner: string): StoredReplicas {
    return new StoredReplicas(this.ports, partner)
  }

  /** Sets a key; when this resolves it was told as stored. */
  async set(tally: TallyRecord, key: string, value: number): Promise<void> {
    this.#time += 1_000
    await editTally(this.#store, tally, { key, value, at: this.#time }, this.signer)
    const { tallyId } = tally
    for (const head of this.#row(tallyId).heads ?? []) this.#told.push({ tallyId, head })
  }

  isInSync(): boolean {
    return this.tallies.every(({ tallyId }) => {
      const { ahead, behind, heads, partnerHeads } = this.#row(tallyId)
      const isEqual = heads !== undefined && heads.join() === partnerHeads?.join()
      return isEqual && ahead === 0 && behind === 0
    })
  }

  /** Tells what does not hold of this side, its partner's document beside it. */
  complaints(name: string, partner: Side): readonly string[] {
    const { ok } = verifyRows(this.#store.read(({ audit }) => [...audit.rows()]))
    const broken = ok ? [] : [`${name}: the audit is broken`]
    const all = this.tallies.flatMap((tally, at) => {
      const { tallyId } = tally
      const others = partner.tallies[at]
      const { stop, heads } = this.#row(tallyId)
      const theirs = others && partner.#row(tallyId).heads
      return [
        ...(stop === undefined ? [] : [`${tallyId} was stopped: ${stop}`]),
        ...(heads?.join() === theirs?.join() ? [] : [`${tallyId}: the heads differ`]),
        ...(this.read(tally) === (others && partner.read(others)) ? [] : [`${tallyId} differs`]),
        ...this.#lost(tallyId).map((head) => `${tallyId} has lost ${head}, which was stored`),
      ]
    })
    return [...broken, ...all.map((complaint) => `${name}: ${complaint}`)]
  }

  read(tally: TallyRecord): string {
    return canonicalJson(readDocument(readNow(this.#store, () => openedReplica(tally))))
  }

  #lost(tallyId: string): readonly string[] {
    const heads = this.#told.filter((told) => told.tallyId === tallyId).map(({ head }) => head)
    if (heads.length === 0) return []
    const chunks = readNow(this.#store, () => tallyChunkRecords.all(tallyId))
    const document = Automerge.load(openDocument(chunks))
    const lost = heads.filter((head) => !Automerge.hasHeads(document, [head]))
    Automerge.free(document)
    return lost
  }

  #row(tallyId: string) {
    return readNow(this.#store, () => tallySyncRecords.find(tallyId))
  }
}

/** In this process: a thread takes longer to start than all the rest. */
function judgedHere(own: OwnDocument) {
  let document: SyncedDocument | undefined
  const opened = () => (document ??= new SyncedDocument(own))
  return {
    generate: async () => opened().generate(),
    receive: async (...turn: Parameters<SyncedDocument['receive']>) => opened().receive(...turn),
    check: async (...changes: Parameters<SyncedDocument['check']>) => opened().check(...changes),
  }
}
