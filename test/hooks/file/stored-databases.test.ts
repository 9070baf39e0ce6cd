import { expect, it, onTestFinished } from 'vitest'
import { StoredDatabases } from '../../../src/hooks/file/stored-databases.ts'
import { tallyChunkRecords } from '../../../src/store/records/tally-chunk-records.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { tallyOf } from '../../store/fixtures.ts'

it('a removal takes what was opened of a tally that came to nothing, and nothing of one that is kept', async () => {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  const databases = new StoredDatabases(store)
  await store.write(({ tallies }) => {
    tallies.insert(tallyOf('kept', 'redemption'))
  })
  const parts = { added: [new Uint8Array([1, 2, 3])], isFolded: false }
  await store.transact(function* () {
    for (const tallyId of ['kept', 'given-up']) yield* tallyChunkRecords.add(tallyId, parts)
  })
  const context = { signal: new AbortController().signal }
  for (const tallyId of ['kept', 'given-up']) {
    await databases.deprovision(tallyId, context as Parameters<typeof databases.deprovision>[1])
  }
  const left = (tallyId: string) =>
    store.query(function* () {
      return (yield* tallyChunkRecords.all(tallyId)).length
    })
  expect([await left('kept'), await left('given-up')]).toEqual([1, 0])
  expect((await store.query(() => tallyRecords.find('kept')))?.tallyId).toBe('kept')
})
