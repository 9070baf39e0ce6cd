import { beforeEach, describe, expect, it } from 'vitest'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import { tallyOf } from '../fixtures.ts'

let store: Store

beforeEach(() => {
  store = openMemoryStore()
  return () => store.close()
})

describe('the tallies', () => {
  it('keep the first chunk of their document, and are gone with all of them', async () => {
    const { tallies } = store.repositories
    await store.write(() => {
      tallies.insert(tallyOf('y', 'r', 'held'))
      tallies.appendChunk('y', Uint8Array.of(1))
      tallies.appendChunk('y', Uint8Array.of(2))
    })
    expect(tallies.chunks('y')).toEqual([Uint8Array.of(1), Uint8Array.of(2)])
    await store.write(() => tallies.replaceLaterChunks('y', Uint8Array.of(3)))
    expect(tallies.chunks('y')).toEqual([Uint8Array.of(1), Uint8Array.of(3)])
    await store.write(() => tallies.remove('y'))
    expect(tallies.find('y')).toBeUndefined()
    expect(tallies.chunks('y')).toEqual([])
  })

  it('of one moment are each on one page of the list, and on no other', async () => {
    const ids = ['b', 'd', 'a', 'c', 'e']
    const { tallies } = store.repositories
    await store.write(() => void ids.map((id) => tallies.insert(tallyOf(id, `r-${id}`))))
    const seen: string[] = []
    for (let page = tallies.list(2); page.length > 0; page = tallies.list(2, seen.at(-1))) {
      seen.push(...page.map(({ tallyId }) => tallyId))
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'])
  })
})
