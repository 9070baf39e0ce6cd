import { expect, it, onTestFinished } from 'vitest'
import { StoredDatabases } from '../../../src/hooks/file/stored-databases.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { tallyOf } from '../../store/fixtures.ts'

it('a removal takes what was opened of a tally that came to nothing, and nothing of one that is kept', async () => {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  const databases = new StoredDatabases(store)
  const chunk = new Uint8Array([1, 2, 3])
  await store.write(({ tallies }) => {
    tallies.insert(tallyOf('kept', 'redemption'))
    for (const tallyId of ['kept', 'given-up']) tallies.appendChunk(tallyId, chunk)
  })
  const context = { signal: new AbortController().signal }
  for (const tallyId of ['kept', 'given-up']) {
    await databases.deprovision(tallyId, context as Parameters<typeof databases.deprovision>[1])
  }
  const left = (tallyId: string) => store.read(({ tallies }) => tallies.chunks(tallyId).length)
  expect([left('kept'), left('given-up')]).toEqual([1, 0])
  expect(store.read(({ tallies }) => tallies.find('kept'))?.tallyId).toBe('kept')
})
