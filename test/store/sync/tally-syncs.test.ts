import { describe, expect, it, onTestFinished } from 'vitest'
import { MAX_PARTNER_ADDRESSES } from '../../../src/store/sync/partner-addresses.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { tallyOf } from '../../support/service/synced-parties.ts'

const TALLY = tallyOf('mf3w7a2m4q5r6s7t2u3v4w5x6y', { alice: 'alice', bob: 'bob' }, 'alice')
const { tallyId } = TALLY

function store() {
  const opened = openMemoryStore()
  onTestFinished(() => opened.close())
  return opened.repositories
}

describe('the heads beside a document', () => {
  it('are dropped whenever a part of it comes or goes', () => {
    const { tallies, tallySyncs } = store()
    tallies.insert(TALLY)
    const changes = [
      () => tallies.appendChunk(tallyId, Uint8Array.of(1)),
      () => tallies.appendChunk(tallyId, Uint8Array.of(2)),
      () => tallies.replaceLaterChunks(tallyId, Uint8Array.of(3)),
    ]
    for (const change of changes) {
      tallySyncs.setHeads(tallyId, ['h'])
      expect(tallySyncs.find(tallyId).heads).toEqual(['h'])
      change()
      expect(tallySyncs.find(tallyId).heads).toBeUndefined()
    }
  })

  it('go with the tally, and all that is known of its sync', () => {
    const { tallies, tallySyncs } = store()
    tallies.insert(TALLY)
    tallySyncs.setStop(tallyId, 'forked', 1)
    expect(tallySyncs.countStopped()).toBe(1)
    tallies.remove(tallyId)
    expect(tallySyncs.countStopped()).toBe(0)
    expect(tallySyncs.find(tallyId).stop).toBeUndefined()
  })
})

describe('documents that are equal', () => {
  it('are noted as such unless something was set here meanwhile, and so is what the partner has got', () => {
    const { tallies, tallySyncs } = store()
    for (const id of ['a', 'b', 'c']) {
      tallies.insert(tallyOf(id, { alice: 'alice', bob: 'bob' }, 'alice'))
      tallySyncs.noteEdit(id, [`${id}1`])
      tallySyncs.noteEdit(id, [`${id}2`])
    }
    tallySyncs.noteMissed('b', 3)
    tallySyncs.setStop('b', 'invalid', 3)
    expect(tallySyncs.countStates()).toEqual({ inSync: 0, ahead: 2, behind: 0, stopped: 1 })
    tallySyncs.noteEdit('a', ['a3'])
    const told = ['a', 'b'].map((tallyId) => ({ tallyId, heads: [`${tallyId}2`] }))
    expect(tallySyncs.noteEqual(told, 4)).toBe(2)
    expect(tallySyncs.find('a')).toMatchObject({ ahead: 3, partnerSeenAt: undefined })
    const equal = { ahead: 0, partnerHeads: ['b2'], partnerSeenAt: 4, missedAt: undefined }
    expect(tallySyncs.find('b')).toMatchObject({ ...equal, stop: undefined })
    expect(tallySyncs.countStates()).toEqual({ inSync: 1, ahead: 2, behind: 0, stopped: 0 })
  })
})

describe('the tallies with one partner', () => {
  it('are those and no others, the newest first', () => {
    const { tallies } = store()
    for (const [index, bob] of ['bob', 'carol', 'bob'].entries()) {
      tallies.insert(tallyOf(`t${index}`, { alice: 'alice', bob }, 'alice'))
    }
    expect(tallies.ofPartner('bob', 10).map((tally) => tally.tallyId)).toEqual(['t0', 't2'])
    expect(tallies.ofPartner('bob', 1)).toHaveLength(1)
  })
})

describe('the addresses of a partner', () => {
  it('come with those learnt last first, and those learnt longest ago go', () => {
    const { partnerAddresses } = store()
    partnerAddresses.learn('bob', ['/a', '/b'], 1)
    partnerAddresses.learn('bob', ['/c', '/a'], 2)
    partnerAddresses.learn('carol', ['/d'], 3)
    expect(partnerAddresses.of('bob')).toEqual(['/c', '/a', '/b'])
    const many = Array.from({ length: MAX_PARTNER_ADDRESSES }, (_, index) => `/${index}`)
    partnerAddresses.learn('bob', many, 4)
    expect(partnerAddresses.of('bob')).toEqual(many)
    expect(partnerAddresses.of('carol')).toEqual(['/d'])
  })
})
