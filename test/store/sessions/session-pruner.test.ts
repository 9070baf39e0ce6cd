import { beforeEach, expect, it } from 'vitest'
import { PRUNE_BATCH } from '../../../src/session/ports/upkeep-write.ts'
import type { Write } from '../../../src/session/ports/write.ts'
import { answered, written } from '../../../src/session/ports/written.ts'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import { readNow } from '../../support/store/read-now.ts'
import {
  claimOf,
  grantOf,
  issue,
  requestOf,
  reserve,
  responseOf,
  summaryOf,
  T0,
  tallyOf,
} from '../fixtures.ts'

let store: Store

beforeEach(() => {
  store = openMemoryStore()
  return () => store.close()
})

async function add(ids: readonly string[], more = {}): Promise<void> {
  const over = { state: 'COMPLETED', endedAt: T0 + 1, ...more }
  const save = (id: string): Write => {
    return { op: 'saveSession', summary: summaryOf(id, over), isNew: true, entries: [] }
  }
  await written(store, ids.map(save))
}

function many(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `s${index}`)
}

/** One run. @returns true if there is more to do */
async function prune(keep: number): Promise<boolean> {
  return (await answered(store, 'pruneHistory', { op: 'pruneHistory', keep })).isMore
}

const ids = () => readNow(store, () => sessionRecords.list({ limit: 10_000 })).map(({ id }) => id)

/** A use of a standing invitation, committed and not acknowledged. */
async function offered(peerId: string): Promise<string> {
  const claim = claimOf(await reserve(store, requestOf(grantOf('standing', null), peerId)))
  const { redemptionId, tallyId } = claim
  const response = responseOf(redemptionId)
  await store.write(({ redemptions, tallies }) => {
    tallies.insert(tallyOf(tallyId, redemptionId))
    redemptions.commit(claim, { tallyId, delivery: 'offered', response }, T0)
  })
  return redemptionId
}

it('a run goes through a batch of sessions', async () => {
  await add(many(2 * PRUNE_BATCH + 7))
  expect(await prune(2)).toBe(true)
  expect(ids()).toHaveLength(PRUNE_BATCH + 7)
  expect([await prune(2), await prune(2)]).toEqual([true, false])
  expect(ids()).toHaveLength(2)
})

it('however many are kept, new ones go in one run, and kept ones when their time has come', async () => {
  await issue(store, 'standing', null)
  const peers = Array.from({ length: 250 }, (_, index) => `peer-${index}`)
  const kept = new Map<string, string>()
  for (const peer of peers) {
    const redemptionId = await offered(peer)
    await add([`of-${peer}`], { redemptionId })
    kept.set(redemptionId, peer)
  }
  while (await prune(0));
  expect(ids()).toHaveLength(250)
  await add(many(20))
  expect(await prune(0)).toBe(false)
  expect(ids()).toHaveLength(250)
  await store.write(({ redemptions }) => {
    for (const [id, peer] of kept) redemptions.confirm(id, peer, responseOf(id).hash, T0)
  })
  // A hundred of them at a time.
  for (let run = 0; run < 4; run += 1) await prune(0)
  expect(ids()).toEqual([])
})

it('a run that was undone is made again, be it with its whole commit', async () => {
  await add(many(2 * PRUNE_BATCH))
  const undone = store.write(({ pruner }) => {
    pruner.prune(0)
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  expect(ids()).toHaveLength(2 * PRUNE_BATCH)
  expect([await prune(0), ids().length]).toEqual([true, PRUNE_BATCH])
})
