import { expect, it } from 'vitest'
import { takeCheckpoint } from '../../../src/service/trail/take-checkpoint.ts'
import { OwnCheckpoints } from '../../../src/service/witness/own-checkpoints.ts'
import { openMemoryDatabase } from '../../../src/store/file/database.ts'
import { Store } from '../../../src/store/transaction/store.ts'
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
