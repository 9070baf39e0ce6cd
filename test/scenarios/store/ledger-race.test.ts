import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import {
  claimOf,
  commit,
  grantOf,
  issue,
  requestOf,
  reserve,
  tallyOf,
} from '../../store/fixtures.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const CHILD = new URL('../../support/store/racing-child.ts', import.meta.url)

/** Starts a process that races for these tokens; the answer is the tokens it won. */
async function racer(path: string, peer: string, uses: number, tokenIds: readonly string[]) {
  const child = fork(CHILD, [path, peer, String(uses), ...tokenIds])
  await once(child, 'message')
  return async (): Promise<readonly string[]> => {
    const answer = once(child, 'message')
    child.send('go')
    const [won] = await answer
    if (!Array.isArray(won)) throw new Error('the child said something else')
    return won
  }
}

it('gives a one-time token to exactly one of two processes that race for it', async () => {
  const path = join(await temporaryDirectory(), 'taleus.db')
  const store = openStore(path)
  const tokenIds = Array.from({ length: 60 }, (_, index) => `token-${index}`)
  for (const tokenId of tokenIds) await issue(store, tokenId, 1)
  const racers = await Promise.all([
    racer(path, 'bob', 1, tokenIds),
    // From the other end, so that they meet.
    racer(path, 'carol', 1, [...tokenIds].reverse()),
    racer(path, 'dave', 1, tokenIds),
  ])
  const won = (await Promise.all(racers.map((run) => run()))).flat()
  expect([...won].sort()).toEqual([...tokenIds].sort())
  for (const tokenId of tokenIds) {
    expect(await store.query(() => tokenRecords.find(tokenId))).toMatchObject({
      used: 1,
      reserved: 0,
    })
  }
  expect(await store.query(() => tallyRecords.list(1_000))).toHaveLength(tokenIds.length)
  store.close()
})

it('gives five uses to five of six processes', async () => {
  const path = join(await temporaryDirectory(), 'taleus.db')
  const store = openStore(path)
  await issue(store, 'five', 5)
  const peers = ['a', 'b', 'c', 'd', 'e', 'f']
  const racers = await Promise.all(peers.map((peer) => racer(path, peer, 5, ['five'])))
  const won = (await Promise.all(racers.map((run) => run()))).flat()
  expect(won).toHaveLength(5)
  store.close()
})

it('gives a one-time token to one of two stores in one process', async () => {
  const path = join(await temporaryDirectory(), 'taleus.db')
  const [one, two] = [openStore(path), openStore(path)]
  await issue(one, 'once', 1)
  const grant = grantOf('once', 1)
  const first = await reserve(one, requestOf(grant, 'bob'))
  const second = await reserve(two, requestOf(grant, 'carol'))
  expect([first.kind, second.kind]).toEqual(['reserved', 'refused'])
  const claim = claimOf(first)
  const tally = tallyOf(claim.tallyId, claim.redemptionId)
  expect(await commit(two, claim, grant)).toBe(true)
  expect(await one.query(() => tallyRecords.find(claim.tallyId))).toEqual(tally)
  one.close()
  two.close()
})

it('lets the unique index judge even if the list of free uses is wrong', async () => {
  const path = join(await temporaryDirectory(), 'taleus.db')
  const store = openStore(path)
  await issue(store, 'five', 5)
  const grant = grantOf('five', 5)
  await reserve(store, requestOf(grant, 'bob'))
  const hand = new DatabaseSync(path)
  hand.exec("INSERT INTO free_slots (token_id, slot) VALUES ('five', 1)")
  hand.close()
  expect((await reserve(store, requestOf(grant, 'carol'))).kind).toBe('refused')
  expect(await store.query(() => tokenRecords.find('five'))).toMatchObject({ reserved: 1 })
  store.close()
})
