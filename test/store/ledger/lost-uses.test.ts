import { expect, it } from 'vitest'
import type { LostUse } from '../../../src/session/ports/store.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { T0 } from '../fixtures.ts'

const LOST: Omit<LostUse, 'lostBy'> = {
  redemptionId: 'r1',
  tokenId: 't1',
  peerId: 'peer',
  tallyId: 'tally',
  at: T0,
}

it('a use that was lost here stays noted, though an inviter names its own redemption alike and knows that', () => {
  const store = openMemoryStore()
  const { lostUses } = store.repositories
  store.transact((each) => [
    each.noteLoss({ ...LOST, lostBy: 'here' }),
    each.noteLoss({ ...LOST, lostBy: 'inviter' }),
  ])
  expect(
    lostUses
      .list(10)
      .map(({ lostBy }) => lostBy)
      .sort(),
  ).toEqual(['here', 'inviter'])
  store.transact((each) => each.settleLoss(LOST.redemptionId))
  expect(lostUses.list(10)).toEqual([{ ...LOST, lostBy: 'here' }])
  store.close()
})

it('a loss is news once', () => {
  const store = openMemoryStore()
  const note = () => store.transact((each) => each.noteLoss({ ...LOST, lostBy: 'here' })).value
  expect([note(), note()]).toEqual([true, false])
  store.close()
})
