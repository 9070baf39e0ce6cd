import { expect, it } from 'vitest'
import { timeRecords } from '../../../src/store/records/time-records.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { T0 } from '../fixtures.ts'

it('a claim from a time that was wrong does not stand for ever', async () => {
  const store = openMemoryStore()
  const about = { redemptionId: 'r', fence: 1, sessionId: 's', peerId: 'bob', reason: 'late' }
  const wrong = { owner: '/1', until: T0 + 365 * 86_400_000 }
  await store.write(({ removals }) => {
    removals.owe({ tallyId: 'tally', ...about }, T0)
    removals.claim('tally', wrong)
  })
  await store.transact(() => timeRecords.reset(T0, T0 + 1_000))
  const claim = await store.lookups.removals.claimOf('tally')
  expect(claim).toEqual({ ...wrong, until: T0 + 1_000 })
  store.close()
})
