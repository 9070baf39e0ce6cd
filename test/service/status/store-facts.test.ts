import { expect, it } from 'vitest'
import { pauseReaping } from '../../../src/service/reaping/reap-pause.ts'
import { StoreFacts } from '../../../src/service/status/store-facts.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'

const WHY = { user: 'alice', uid: 1 }

it('what a command has written is known from the next look on, and nothing of a store that fails', async () => {
  const store = openMemoryStore()
  const facts = new StoreFacts(store)
  await facts.look()
  expect(facts.now).toEqual({ syncStopped: 0 })
  const until = Date.now() + 60_000
  await pauseReaping(store, until, WHY)
  expect(facts.now).toEqual({ syncStopped: 0 })
  await facts.look()
  expect(facts.now).toEqual({ syncStopped: 0, reapPausedUntil: until })
  store.close()
  await facts.look()
  expect(facts.now).toEqual({ syncStopped: 0 })
})
