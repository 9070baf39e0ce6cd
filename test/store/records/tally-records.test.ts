import { beforeEach, describe, expect, it } from 'vitest'
import { tallyChunkRecords } from '../../../src/store/records/tally-chunk-records.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
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
    await store.write(() => tallies.insert(tallyOf('y', 'r', 'held')))
    const [one, two, three] = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)]
    const add = (added: readonly Uint8Array[], isFolded: boolean) =>
      store.transact(() => tallyChunkRecords.add('y', { added, isFolded }))
    const chunks = () => store.query(() => tallyChunkRecords.all('y'))
    await add([one, two], false)
    expect(await chunks()).toEqual([one, two])
    await add([three], true)
    expect(await chunks()).toEqual([one, three])
    await store.transact(() => tallyRecords.remove('y'))
    expect(await store.query(() => tallyRecords.find('y'))).toBeUndefined()
    expect(await chunks()).toEqual([])
  })

  it('of one moment are each on one page of the list, and on no other', async () => {
    const ids = ['b', 'd', 'a', 'c', 'e']
    const { tallies } = store.repositories
    await store.write(() => void ids.map((id) => tallies.insert(tallyOf(id, `r-${id}`))))
    const seen: string[] = []
    const pageAfter = (last?: string) => store.query(() => tallyRecords.list(2, last))
    for (let page = await pageAfter(); page.length > 0; page = await pageAfter(seen.at(-1))) {
      seen.push(...page.map(({ tallyId }) => tallyId))
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'])
  })
})
