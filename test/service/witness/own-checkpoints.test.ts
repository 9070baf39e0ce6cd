import { expect, it } from 'vitest'
import { takeCheckpoint } from '../../../src/service/trail/take-checkpoint.ts'
import { OwnCheckpoints } from '../../../src/service/witness/own-checkpoints.ts'
import { openMemoryDatabase } from '../../../src/store/file/database.ts'
import type { Query } from '../../../src/store/query/query.ts'
import { openMemoryStore, Store } from '../../../src/store/transaction/store.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'
import { signerOf } from '../../support/audit/signer.ts'

it.each([
  // The proof from the first record has none of that node in it.
  ['an early node', 0, [1]],
  ['a late node', 2, undefined],
])(
  'no proof is shown that a partner would take for a fork: %s is not as it was',
  async (_, n, left) => {
    const database = openMemoryDatabase()
    const store = new Store(':memory:', database, new Repositories(database))
    await store.write(({ audit }) => {
      const base = { type: 'state', severity: 'info', at: 1, monotonic: 1 } as const
      for (let at = 0; at < 1_000; at += 1) audit.append({ ...base, data: { at } })
    })
    await takeCheckpoint(store, signerOf(1))
    const proofsShown = async () => {
      const own = new OwnCheckpoints(store)
      await own.prepare()
      return (await own.show([1, 300, 512, 999]))?.proofs?.map(({ from }) => from)
    }
    expect(await proofsShown()).toEqual([1, 300, 512, 999])
    database.exec(`UPDATE audit_tree SET hash = zeroblob(32) WHERE n = ${n}`)
    expect(await proofsShown()).toEqual(left)
    store.close()
  },
)

it('a checkpoint that is found to be on the disk while proofs are looked for is not shown without them', async () => {
  const store = openMemoryStore()
  const signed = async (at: number) => {
    const record = { type: 'state', severity: 'info', at, monotonic: 1, data: {} } as const
    await store.write(({ audit }) => audit.append(record))
    return (await takeCheckpoint(store, signerOf(1))).size
  }
  // An engine whose answers need a while.
  let held: Promise<void> | undefined
  const own = new OwnCheckpoints({
    query: async <Result>(question: () => Query<Result>) => {
      const until = held
      held = undefined
      const answer = await store.query(question)
      await until
      return answer
    },
    transact: (work) => store.transact(work),
  })
  const known = await signed(1)
  await own.prepare()
  await signed(2)
  const { promise, resolve } = Promise.withResolvers<void>()
  held = promise
  const shown = own.show([known])
  await own.prepare()
  resolve()
  expect(await shown).toBeUndefined()
  expect(await own.show([known])).toMatchObject({ proofs: [{ from: known }] })
  store.close()
})
