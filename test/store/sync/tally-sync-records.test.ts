import { describe, expect, it, onTestFinished } from 'vitest'
import { tallyChunkRecords } from '../../../src/store/records/tally-chunk-records.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import {
  MAX_PARTNER_ADDRESSES,
  partnerAddressRecords,
} from '../../../src/store/sync/partner-address-records.ts'
import { tallySyncRecords } from '../../../src/store/sync/tally-sync-records.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import { tallyOf } from '../../support/service/synced-parties.ts'

const TALLY = tallyOf('t', { alice: 'alice', bob: 'bob' }, 'alice')
const { tallyId } = TALLY

/** A store with these tallies. */
async function storeWith(...tallies: readonly (typeof TALLY)[]): Promise<Store> {
  const opened = openMemoryStore()
  onTestFinished(() => opened.close())
  await opened.write((tables) => {
    for (const tally of tallies) tables.tallies.insert(tally)
  })
  return opened
}

describe('the heads beside a document', () => {
  it('are dropped whenever a part of it comes or goes', async () => {
    const store = await storeWith(TALLY)
    const heads = async () => (await store.query(() => tallySyncRecords.find(tallyId))).heads
    for (const [byte, isFolded] of [[1, false] as const, [2, false] as const, [3, true] as const]) {
      await store.transact(() => tallySyncRecords.setHeads(tallyId, ['h']))
      expect(await heads()).toEqual(['h'])
      const parts = { added: [Uint8Array.of(byte)], isFolded }
      await store.transact(() => tallyChunkRecords.add(tallyId, parts))
      expect(await heads()).toBeUndefined()
    }
  })

  it('go with the tally, and all that is known of its sync', async () => {
    const store = await storeWith(TALLY)
    const stopped = () => store.query(() => tallySyncRecords.countStopped())
    await store.transact(() => tallySyncRecords.setStop(tallyId, 'forked', 1))
    expect(await stopped()).toBe(1)
    await store.transact(() => tallyRecords.remove(tallyId))
    expect(await stopped()).toBe(0)
    expect((await store.query(() => tallySyncRecords.find(tallyId))).stop).toBeUndefined()
  })
})

describe('documents that are equal', () => {
  it('are noted as such unless something was set here meanwhile, and so is what the partner has got', async () => {
    const ids = ['a', 'b', 'c']
    const parties = { alice: 'alice', bob: 'bob' }
    const store = await storeWith(...ids.map((id) => tallyOf(id, parties, 'alice')))
    const states = () => store.query(() => tallySyncRecords.countStates())
    const row = (id: string) => store.query(() => tallySyncRecords.find(id))
    await store.transact(function* () {
      for (const id of ids) {
        yield* tallySyncRecords.noteEdit(id, [`${id}1`])
        yield* tallySyncRecords.noteEdit(id, [`${id}2`])
      }
      yield* tallySyncRecords.noteMissed('b', 3)
      yield* tallySyncRecords.setStop('b', 'invalid', 3)
    })
    expect(await states()).toEqual({ inSync: 0, ahead: 2, behind: 0, stopped: 1 })
    await store.transact(() => tallySyncRecords.noteEdit('a', ['a3']))
    const told = ['a', 'b'].map((id) => ({ tallyId: id, heads: [`${id}2`] }))
    expect(await store.transact(() => tallySyncRecords.noteEqual(told, 4))).toBe(2)
    expect(await row('a')).toMatchObject({ ahead: 3, partnerSeenAt: undefined })
    const equal = { ahead: 0, partnerHeads: ['b2'], partnerSeenAt: 4, missedAt: undefined }
    expect(await row('b')).toMatchObject({ ...equal, stop: undefined })
    expect(await states()).toEqual({ inSync: 1, ahead: 2, behind: 0, stopped: 0 })
  })

  it('are noted all, however many are told at once', async () => {
    const ids = Array.from({ length: 700 }, (_, at) => `t${at}`)
    const store = await storeWith()
    await store.transact(function* () {
      for (const id of ids) yield* tallySyncRecords.noteEdit(id, ['h'])
    })
    const told = ids.map((id) => ({ tallyId: id, heads: ['h'] }))
    expect(await store.transact(() => tallySyncRecords.noteEqual(told, 4))).toBe(700)
    expect(await store.query(() => tallySyncRecords.countStates())).toMatchObject({ inSync: 700 })
  })
})

describe('the tallies with one partner', () => {
  it('are those and no others, the newest first', async () => {
    const bobs = ['bob', 'carol', 'bob']
    const store = await storeWith(
      ...bobs.map((bob, index) => tallyOf(`t${index}`, { alice: 'alice', bob }, 'alice')),
    )
    const withBob = (limit: number) => store.query(() => tallyRecords.ofPartner('bob', limit))
    expect((await withBob(10)).map((tally) => tally.tallyId)).toEqual(['t0', 't2'])
    expect(await withBob(1)).toHaveLength(1)
  })
})

describe('the addresses of a partner', () => {
  it('come with those learnt last first, and those learnt longest ago go', async () => {
    const store = await storeWith()
    const learn = (peerId: string, addresses: readonly string[], at: number) =>
      store.transact(() => partnerAddressRecords.learn(peerId, addresses, at))
    const of = (peerId: string) => store.query(() => partnerAddressRecords.of(peerId))
    await learn('bob', ['/a', '/b'], 1)
    await learn('bob', ['/c', '/a'], 2)
    await learn('carol', ['/d'], 3)
    expect(await of('bob')).toEqual(['/c', '/a', '/b'])
    const many = Array.from({ length: MAX_PARTNER_ADDRESSES }, (_, index) => `/${index}`)
    await learn('bob', many, 4)
    expect(await of('bob')).toEqual(many)
    expect(await of('carol')).toEqual(['/d'])
  })
})
