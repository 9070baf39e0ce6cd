import { expect, test } from 'vitest'
import { stuckThings } from '../../../src/service/sessions/stuck-things.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'

const T0 = Date.UTC(2030, 0, 1)

test('a removal that failed is told without who is at it now', async () => {
  const store = openMemoryStore()
  const who = { redemptionId: 'r', fence: 1, sessionId: 's', peerId: 'bob', reason: 'timed_out' }
  await store.write(({ removals }) => {
    for (const tallyId of ['failed', 'untried']) {
      removals.owe({ ...who, tallyId }, T0)
      removals.claim(tallyId, { owner: 'p/1', until: T0 + 1 })
    }
    removals.fail('failed', 'p/1', 'the server went away', T0 + 1_000)
    removals.claim('failed', { owner: 'p/2', until: T0 + 1 })
  })
  expect(await stuckThings(store)).toEqual({
    total: 1,
    things: [
      {
        what: 'removal',
        tallyId: 'failed',
        sessionId: 's',
        peerId: 'bob',
        reason: 'timed_out',
        since: T0,
        tries: 1,
        nextAt: T0 + 1_000,
        lastError: 'the server went away',
      },
    ],
  })
  store.close()
})
