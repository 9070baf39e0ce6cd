import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { tallyConflicts } from '../../../src/service/tallies/tally-conflicts.ts'
import { tallyHistory } from '../../../src/service/tallies/tally-history.ts'
import { verifyAll } from '../../../src/service/trail/verify-all.ts'
import { migrate } from '../../../src/store/file/migrate.ts'
import { MIGRATIONS } from '../../../src/store/file/migrations.ts'
import { tallyChunkRecords } from '../../../src/store/records/tally-chunk-records.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { tallySignatureRecords } from '../../../src/store/sync/tally-signature-records.ts'
import { Store } from '../../../src/store/transaction/store.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'
import { signChange } from '../../../src/tally/change-author.ts'
import { deriveDocument, setKey } from '../../../src/tally/document.ts'
import type { SyncTurn } from '../../../src/tally/sync/sync-ports.ts'
import { StoredParty, tallyOf } from '../../support/service/synced-parties.ts'
import { ALICE, BOB, syncParties } from '../../support/tally/sync-pair.ts'

const TALLY = 'mf3w7a2m4q5r6s7t2u3v4w5x6y'
const PARTIES = { alice: ALICE.peerId, bob: BOB.peerId }
const [OF_ALICE, OF_BOB] = [tallyOf(TALLY, PARTIES, 'alice'), tallyOf(TALLY, PARTIES, 'bob')]

/** The number of the schema in which changes were not signed. */
const UNSIGNED_VERSION = 16

async function pair(ofAlice?: Store, ofBob?: Store) {
  const [alice, bob] = [new StoredParty(ALICE, ofAlice), new StoredParty(BOB, ofBob)]
  if (ofAlice === undefined) await alice.keep(OF_ALICE)
  if (ofBob === undefined) await bob.keep(OF_BOB)
  const sync = () => meet(alice, bob)
  return { alice, bob, sync }
}

async function meet(alice: StoredParty, bob: StoredParty): Promise<void> {
  const [hers, his] = [alice.replicasWith(bob), bob.replicasWith(alice)]
  await syncParties(hers, his, [TALLY])
  await Promise.all([hers.close(), his.close()])
}

async function signedAt({ store }: StoredParty): Promise<readonly string[]> {
  return (await tallyHistory(store, OF_ALICE, { limit: 100 })).events.map(({ signed }) => signed)
}

async function faultsAt({ store, peerId }: StoredParty) {
  const { tallies } = await verifyAll(store, peerId)
  return tallies.first.flatMap(({ faults }) => faults)
}

describe('changes', () => {
  it('are signed when they are made, kept with the partner’s signature, and named in both audits', async () => {
    const { alice, bob, sync } = await pair()
    await alice.set(OF_ALICE, 'note', 'lunch')
    await bob.set(OF_BOB, 'limit', 250)
    expect(await signedAt(alice)).toEqual(['draft', 'signed'])
    await sync()
    for (const side of [alice, bob]) {
      expect(await signedAt(side)).toEqual(['draft', 'signed', 'signed'])
      expect(await faultsAt(side)).toEqual([])
      const named = side.store.read(({ audit }) =>
        [...audit.rows()].flatMap(({ text }) =>
          Object.keys(JSON.parse(text).data.signatures ?? {}),
        ),
      )
      const changes = await side.store.query(() => tallySignatureRecords.all(TALLY))
      expect(named.toSorted()).toEqual(changes.map(({ change }) => change))
    }
  })

  it('that are gone, or are signed by somebody else, are found by the audit', async () => {
    const { alice } = await pair()
    await alice.set(OF_ALICE, 'note', 'lunch')
    const [signature] = await alice.store.query(() => tallySignatureRecords.all(TALLY))
    const { change = '' } = signature ?? {}
    const other = new StoredParty(ALICE)
    await other.keep(OF_ALICE)
    await other.set(OF_ALICE, 'note', 'lunch')
    await other.store.write(({ tallies }) => {
      tallies.remove(TALLY)
      tallies.insert(OF_ALICE)
    })
    expect(await faultsAt(other)).toEqual(['changes_missing'])
    await other.store.transact(function* () {
      const draft = OF_ALICE.built.draft.text
      const edit = { peerId: ALICE.peerId, key: 'note', value: 'lunch', at: 1_700_000_001_000 }
      const origin = deriveDocument(TALLY, draft)
      yield* tallyChunkRecords.add(TALLY, { added: [origin], isFolded: false })
      yield* tallyChunkRecords.add(TALLY, { added: [setKey(origin, edit).change], isFolded: false })
      yield* tallySignatureRecords.add(TALLY, [{ ...signChange(BOB, TALLY, change), change }])
    })
    expect(await faultsAt(other)).toEqual(['change_signature', 'changes_missing'])
  })

  it('are not made by setting what is there', async () => {
    const { alice } = await pair()
    await alice.set(OF_ALICE, 'note', 'lunch')
    await alice.set(OF_ALICE, 'note', 'lunch')
    expect(alice.row(TALLY).ahead).toBe(1)
    expect(await signedAt(alice)).toEqual(['draft', 'signed'])
    expect(await faultsAt(alice)).toEqual([])
  })

  it('that come back to a side which has lost them are taken, since it has signed them', async () => {
    const { alice, bob, sync } = await pair()
    await alice.set(OF_ALICE, 'note', 'lunch')
    await bob.set(OF_BOB, 'limit', 250)
    await sync()
    const restored = new StoredParty(ALICE)
    await restored.keep(OF_ALICE)
    await meet(restored, bob)
    expect(restored.read(OF_ALICE)).toBe(bob.read(OF_BOB))
    expect(await signedAt(restored)).toEqual(['draft', 'signed', 'signed'])
  })

  it('in our name that we never made stop the tally with an alarm, and nothing of them is kept', async () => {
    const { alice, bob } = await pair()
    const draft = OF_BOB.built.draft.text
    const edit = { peerId: ALICE.peerId, key: 'limit', value: 999, at: 1_700_000_001_000 }
    await bob.store.transact(function* () {
      const origin = deriveDocument(TALLY, draft)
      const { change, hash = '' } = setKey(origin, edit)
      yield* tallyChunkRecords.add(TALLY, { added: [origin], isFolded: false })
      yield* tallyChunkRecords.add(TALLY, { added: [change], isFolded: false })
      yield* tallySignatureRecords.add(TALLY, [signChange(BOB, TALLY, hash)])
    })
    await meet(alice, bob)
    expect(alice.row(TALLY).stop).toBe('forged')
    expect(alice.audited()).toEqual(['tally.sync_stopped forged'])
    expect(alice.read(OF_ALICE)).not.toContain('limit')
    expect(await alice.store.query(() => tallySignatureRecords.all(TALLY))).toEqual([])
  })
})

/** The party's store as a version left it that signed no changes, brought up to date. */
async function oldStore({ store }: StoredParty): Promise<Store> {
  const database = new DatabaseSync(':memory:')
  for (const sql of MIGRATIONS.slice(0, UNSIGNED_VERSION)) database.exec(sql)
  database.exec(`PRAGMA user_version = ${UNSIGNED_VERSION}`)
  const before = new DatabaseSync(':memory:')
  before.close()
  const tally = await store.query(() => tallyRecords.find(TALLY))
  if (tally === undefined) throw new Error('there is no tally')
  const chunks = await store.query(() => tallyChunkRecords.all(TALLY))
  const records = store.read(({ audit }) => [...audit.rows()].map(({ text }) => text))
  const add = database.prepare('INSERT INTO tally_chunks (tally_id, chunk) VALUES (?, ?)')
  for (const chunk of chunks) add.run(TALLY, chunk)
  migrate(database, ':memory:')
  const old = new Store(':memory:', database, new Repositories(database))
  void old.write(({ tallies, audit }) => {
    tallies.insert(tally)
    for (const text of records) {
      const { seq: _seq, v: _v, ...draft } = JSON.parse(text)
      const { signatures: _signatures, ...data } = draft.data
      audit.append({ ...draft, data })
    }
  })
  return old
}

describe('changes of the time before they were signed', () => {
  it('are told as not signed, and are no fault; each side signs its own, and the other gets that', async () => {
    const first = await pair()
    await first.alice.set(OF_ALICE, 'note', 'lunch')
    await first.bob.set(OF_BOB, 'limit', 250)
    await first.sync()
    const { alice, bob, sync } = await pair(await oldStore(first.alice), await oldStore(first.bob))
    for (const side of [alice, bob]) {
      expect(await signedAt(side)).toEqual(['draft', 'unsigned', 'unsigned'])
      expect(await faultsAt(side)).toEqual([])
      expect(side.row(TALLY).isUnsigned).toBe(true)
    }
    await alice.set(OF_ALICE, 'note', 'dinner')
    await sync()
    for (const side of [alice, bob]) {
      expect(await signedAt(side)).toEqual(['draft', 'signed', 'signed', 'signed'])
      expect(side.row(TALLY).isUnsigned).toBe(false)
      expect(await faultsAt(side)).toEqual([])
    }
  })

  it('are not signed where the audit tells of fewer edits', async () => {
    const first = await pair()
    await first.alice.set(OF_ALICE, 'note', 'lunch')
    const alice = new StoredParty(ALICE, await oldStore(first.alice))
    const forged = { peerId: ALICE.peerId, key: 'limit', value: 999, at: 1 }
    await alice.store.transact(function* () {
      const origin = deriveDocument(TALLY, OF_ALICE.built.draft.text)
      yield* tallyChunkRecords.add(TALLY, {
        added: [setKey(origin, forged).change],
        isFolded: false,
      })
    })
    const { bob } = await pair()
    const replica = await alice.replicasWith(bob).open(TALLY)
    expect(await replica.generate()).toMatchObject({
      signatures: [],
      wantsAll: true,
    } satisfies Partial<SyncTurn>)
    await replica.close()
    expect(await signedAt(alice)).toEqual(['draft', 'unsigned', 'unsigned'])
  })
})

/** Numbers from 0 to 1, the same for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

describe('two sides, whatever each does and when they meet', () => {
  it.each([1, 2, 3])(
    'end with one history, all of it signed, and settle what is open (seed %i)',
    async (seed) => {
      const random = randomOf(seed)
      const { alice, bob, sync } = await pair()
      for (let step = 0; step < 16; step += 1) {
        const [side, tally] = random() < 0.5 ? [alice, OF_ALICE] : [bob, OF_BOB]
        const key = random() < 0.5 ? 'note' : 'limit'
        if (random() < 0.25) await sync()
        else await side.set(tally, key, Math.floor(random() * 5))
      }
      await sync()
      const toldBy = async ({ store }: StoredParty) => ({
        history: await tallyHistory(store, OF_ALICE, { limit: 100 }),
        conflicts: await tallyConflicts(store, OF_ALICE),
      })
      const first = await toldBy(alice)
      expect(first).toEqual(await toldBy(bob))
      expect(alice.row(TALLY).heads).toEqual(bob.row(TALLY).heads)
      for (const { key } of first.conflicts) await bob.set(OF_BOB, key, 99)
      await sync()
      const hers = await toldBy(alice)
      expect(hers).toEqual(await toldBy(bob))
      expect(hers.conflicts).toEqual([])
      expect(new Set((await signedAt(alice)).slice(1))).toEqual(new Set(['signed']))
      for (const side of [alice, bob]) expect(await faultsAt(side)).toEqual([])
    },
  )
})
