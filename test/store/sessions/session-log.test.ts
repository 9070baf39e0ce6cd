import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import { readNow } from '../../support/store/read-now.ts'
import { summaryOf, T0 } from '../fixtures.ts'

let store: Store

beforeEach(() => {
  store = openMemoryStore()
  return () => store.close()
})

describe('the session log', () => {
  it('lists the newest first, filtered by what is asked', async () => {
    await store.write(({ sessions }) => {
      sessions.save(summaryOf('aa', { tokenId: 'token-1', startedAt: T0 }))
      sessions.save(summaryOf('ab', { side: 'dialer', startedAt: T0 + 1 }))
      sessions.save(summaryOf('bb', { state: 'FAILED', peerId: 'carol', startedAt: T0 + 2 }))
    })
    const ids = (filter: object) =>
      readNow(store, () => sessionRecords.list({ limit: 10, ...filter })).map(({ id }) => id)
    const alike = (prefix: string) => readNow(store, () => sessionRecords.startingWith(prefix))
    expect(ids({})).toEqual(['bb', 'ab', 'aa'])
    expect(ids({ limit: 1 })).toEqual(['bb'])
    expect(ids({ side: 'dialer' })).toEqual(['ab'])
    expect(ids({ state: 'FAILED' })).toEqual(['bb'])
    expect(ids({ peerId: 'carol' })).toEqual(['bb'])
    expect(ids({ peerId: 'rol' })).toEqual(['bb'])
    expect(ids({ peerId: 'a much longer carol' })).toEqual([])
    expect(ids({ tokenId: 'token' })).toEqual(['aa'])
    expect(ids({ since: T0 + 1 })).toEqual(['bb', 'ab'])
    expect(alike('a').map(({ id }) => id)).toEqual(['ab', 'aa'])
    expect(alike('%')).toEqual([])
  })
})

const side = fc.constantFrom('listener' as const, 'dialer' as const)

async function storeWith(sides: readonly ('listener' | 'dialer')[]): Promise<Store> {
  const store = openMemoryStore()
  await add(store, sides, 0)
  return store
}

async function add(
  store: Store,
  sides: readonly ('listener' | 'dialer')[],
  from: number,
): Promise<void> {
  await store.write(({ sessions }) => {
    for (const [index, each] of sides.entries())
      sessions.save(summaryOf(`s${from + index}`, { side: each }))
  })
}

it('pages from the newest on have no gap and no repeat, though more are added meanwhile', async () => {
  const property = fc.asyncProperty(
    fc.array(side, { maxLength: 40 }),
    fc.integer({ min: 1, max: 9 }),
    fc.option(side, { nil: undefined }),
    async (sides, limit, only) => {
      const store = await storeWith(sides)
      const seen: string[] = []
      let before: number | undefined
      for (let round = 0; ; round += 1) {
        const page = readNow(store, () =>
          sessionRecords.page({
            limit,
            ...(only === undefined ? {} : { side: only }),
            ...(before === undefined ? {} : { before }),
          }),
        )
        seen.push(...page.map(({ summary }) => summary.id))
        before = page.at(-1)?.seq
        if (before === undefined) break
        await add(store, ['listener', 'dialer'], 1_000 + 2 * round)
      }
      store.close()
      const all = sides.flatMap((each, n) => (only === undefined || each === only ? [`s${n}`] : []))
      expect(seen).toEqual(all.toReversed())
    },
  )
  await fc.assert(property, { numRuns: 100 })
})

it('whoever follows by the number sees each session once, in order', async () => {
  const property = fc.asyncProperty(
    fc.array(fc.array(side, { maxLength: 6 }), { maxLength: 8 }),
    fc.integer({ min: 1, max: 5 }),
    async (batches, limit) => {
      const store = openMemoryStore()
      const seen: string[] = []
      let [count, after] = [0, 0]
      const readAll = () => {
        for (;;) {
          const page = readNow(store, () => sessionRecords.page({ limit, after }))
          if (page.length === 0) return
          seen.push(...page.map(({ summary }) => summary.id))
          after = page.at(-1)?.seq ?? after
        }
      }
      for (const batch of batches) {
        await add(store, batch, count)
        count += batch.length
        readAll()
      }
      store.close()
      expect(seen).toEqual(Array.from({ length: count }, (_, n) => `s${n}`))
    },
  )
  await fc.assert(property, { numRuns: 100 })
})
