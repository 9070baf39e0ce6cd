import { beforeEach, describe, expect, it } from 'vitest'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import { tallyOf } from '../fixtures.ts'

let store: Store

beforeEach(() => {
  store = openMemoryStore()
  return () => store.close()
})

describe('the tallies', () => {
  it('that are only held give way to one with another draft; others do not', () => {
    const held = tallyOf('y', 'r', 'held')
    const text = '{"another":"draft"}'
    const other = { ...held, built: { ...held.built, draft: { text, sha256: 'other' } } }
    const kept = (tally: typeof held) =>
      store.transact((each) => {
        each.keepTally(tally)
        return each.findTally('y')
      }).value
    expect(kept(held)).toEqual(held)
    expect(kept(other)).toEqual(other)
    expect(kept({ ...other, status: 'confirmed' })?.status).toBe('confirmed')
    expect(kept(held)).toEqual({ ...other, status: 'confirmed' })
  })

  it('are gone with their chunks when they are discarded', () => {
    store.transact((each) => each.keepTally(tallyOf('y', 'r', 'held')))
    store.repositories.tallies.appendChunk('y', Uint8Array.of(1))
    store.repositories.tallies.appendChunk('y', Uint8Array.of(2))
    expect(store.repositories.tallies.chunks('y')).toEqual([Uint8Array.of(1), Uint8Array.of(2)])
    store.repositories.tallies.replaceLaterChunks('y', Uint8Array.of(3))
    expect(store.repositories.tallies.chunks('y')).toEqual([Uint8Array.of(1), Uint8Array.of(3)])
    store.transact((each) => each.discardTally('y'))
    expect(store.repositories.tallies.find('y')).toBeUndefined()
    expect(store.repositories.tallies.chunks('y')).toEqual([])
  })

  it('of one moment are each on one page of the list, and on no other', () => {
    const ids = ['b', 'd', 'a', 'c', 'e']
    store.transact((each) => ids.map((id) => each.keepTally(tallyOf(id, `r-${id}`))))
    const { tallies } = store.repositories
    const seen: string[] = []
    for (let page = tallies.list(2); page.length > 0; page = tallies.list(2, seen.at(-1))) {
      seen.push(...page.map(({ tallyId }) => tallyId))
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'])
  })
})
