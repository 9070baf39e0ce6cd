import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { CheckpointKeeper } from '../../../src/service/trail/checkpoint-keeper.ts'
import { checkpointRecords } from '../../../src/store/audit/checkpoint-records.ts'
import { openMemoryDatabase } from '../../../src/store/file/database.ts'
import { Store } from '../../../src/store/transaction/store.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'
import { signerOf } from '../../support/audit/signer.ts'

const SIGNER = signerOf(1)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  return () => void vi.useRealTimers()
})
afterEach(() => void vi.useRealTimers())

function world() {
  const database = openMemoryDatabase()
  const store = new Store(':memory:', database, new Repositories(database))
  const failures: unknown[] = []
  const onFailure = (error: unknown) => void failures.push(error)
  const onBroken = vi.fn()
  const keeper = new CheckpointKeeper({ store, signer: SIGNER, onBroken, onFailure })
  const append = (count: number) =>
    store.write(({ audit }) => {
      const base = { type: 'state', severity: 'info', at: 1, monotonic: 1 } as const
      for (let n = 0; n < count; n += 1) audit.append({ ...base, data: { n } })
    })
  /** Time passes, and what begins in it ends. */
  const pass = async (ms: number) => {
    vi.advanceTimersByTime(ms)
    for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done))
  }
  const sizes = async () =>
    (await store.query(() => checkpointRecords.all())).map(({ size }) => size)
  return { database, store, keeper, failures, onBroken, append, pass, sizes }
}

it('signs seconds after a record, and not again while nothing happens', async () => {
  const { keeper, append, pass, sizes } = world()
  keeper.start()
  await append(3)
  await pass(3_000)
  expect(await sizes()).toEqual([])
  await pass(3_000)
  expect(await sizes()).toEqual([3])
  await pass(600_000)
  expect(await sizes()).toEqual([3])
  await keeper.stop()
})

it('signs soon when a thousand records have come, and what is left at the end', async () => {
  const { keeper, append, pass, sizes } = world()
  keeper.start()
  await append(1_000)
  await pass(1_000)
  expect(await sizes()).toEqual([1_000])
  await append(5)
  await pass(1_000)
  await keeper.stop()
  await keeper.stop()
  expect(await sizes()).toEqual([1_000, 1_005])
})

it('signs at its start what others have left unsigned', async () => {
  const { keeper, append, pass, sizes } = world()
  await append(4)
  keeper.start()
  await pass(0)
  expect(await sizes()).toEqual([4])
  await append(1)
  await pass(4_000)
  expect(await sizes()).toEqual([4])
  await keeper.stop()
})

it('goes on from what an earlier process signed', async () => {
  const { store, keeper, append, pass, sizes } = world()
  await append(10)
  const earlier = new CheckpointKeeper({
    store,
    signer: SIGNER,
    onBroken: vi.fn(),
    onFailure: () => undefined,
  })
  earlier.start()
  await earlier.stop()
  keeper.start()
  await pass(120_000)
  expect(await sizes()).toEqual([10])
  await keeper.stop()
})

it('a log that was changed meanwhile ends in one alarm, and nothing is signed over it', async () => {
  const { database, store, keeper, failures, onBroken, append, pass, sizes } = world()
  keeper.start()
  await append(1_000)
  database.exec(`UPDATE audit SET record = replace(record, 'state', 'token') WHERE seq = 700`)
  await pass(1_000)
  await append(2_000)
  await pass(600_000)
  await keeper.stop()
  expect(await sizes()).toEqual([])
  expect(failures).toEqual([])
  expect(onBroken.mock.calls).toEqual([[700]])
  const alarms = [...store.repositories.audit.rows()].filter(({ text }) =>
    text.includes('audit.broken'),
  )
  expect(alarms.map(({ text }) => JSON.parse(text).data)).toEqual([
    { event: 'audit.broken', seq: 700 },
  ])
})

it('a log that was changed before the start is found at the start, though nothing is to be signed', async () => {
  const { database, store, keeper, onBroken, append, pass, sizes } = world()
  await append(10)
  const init = { store, signer: SIGNER, onBroken: vi.fn(), onFailure: () => undefined }
  const earlier = new CheckpointKeeper(init)
  earlier.start()
  await earlier.stop()
  database.exec(`UPDATE audit SET record = replace(record, 'state', 'token') WHERE seq = 7`)
  keeper.start()
  await pass(0)
  expect(onBroken).toHaveBeenCalledOnce()
  expect(await sizes()).toEqual([10])
  await keeper.stop()
})
