import { expect, it, onTestFinished } from 'vitest'
import type { FeedFact } from '../../../src/service/feed/event-feed-event.ts'
import { FeedTail } from '../../../src/service/feed/feed-tail.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'

const RECORD = { type: 'token', severity: 'info', at: 1, monotonic: 1, data: {} } as const

async function scene() {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  await store.write(({ audit }) => audit.append(RECORD))
  const told: FeedFact[] = []
  const tail = new FeedTail(store, (fact) => told.push(fact))
  onTestFinished(() => tail.stop())
  const records = () => told.flatMap((fact) => (fact.type === 'audit' ? [fact.record.seq] : []))
  return { store, tail, records }
}

it('the last records are told when somebody follows, and again to whoever comes later', async () => {
  const { tail, records } = await scene()
  tail.start()
  await expect.poll(records).toEqual([1])
  expect(tail.snapshot()).toMatchObject([{ type: 'audit', record: { seq: 1 } }, { type: 'tokens' }])
})

it('nothing is told any more once nobody follows, though it was just being read', async () => {
  const { store, tail, records } = await scene()
  tail.start()
  tail.stop()
  await store.write(({ audit }) => audit.append(RECORD))
  await new Promise((resolve) => setImmediate(resolve))
  expect(records()).toEqual([])
})
