import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { durableHooks } from '../../../src/service/library/durable-hooks.ts'
import { SessionManager } from '../../../src/service/library/libp2p-session-manager.ts'
import { StoreError } from '../../../src/store/errors.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import { describeHooks } from '../../contract/hooks-contract.ts'
import { draftFor, INFO, RIGHT, shown } from '../../contract/hooks-fixtures.ts'
import { factsOf } from '../../contract/session-store/store-driver.ts'
import { grantOf, HOUR, requestOf, T0, tallyOf } from '../../store/fixtures.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

describeHooks('durable', ['deprovision', 'status', 'verify'], async () => {
  const directory = await temporaryDirectory()
  const store = openStore(join(directory, 'host.db'))
  const hooks = durableHooks(store)
  return {
    hooks,
    issue: (token) => hooks.token.issue(token),
    revoke: async (tokenId) => void (await hooks.token.revoke(tokenId)),
    keep: async ({ tally, dbConnectionInfo: database }) => {
      const draft = draftFor(tally.createdBy)(tally.tallyId)
      const record = {
        ...tallyOf(tally.tallyId, 'redemption-1'),
        built: { tally, database, draft },
      }
      await store.write(({ tallies }) => tallies.insert(record))
    },
    dispose: () => store.close(),
  }
})

it('a token that was issued is there after the store was opened again, and in the audit', async () => {
  const path = join(await temporaryDirectory(), 'host.db')
  const before = openStore(path)
  await durableHooks(before).token.issue({ ...RIGHT, info: INFO })
  before.close()
  const store = openStore(path)
  const { token } = durableHooks(store)
  expect(await token.validate(RIGHT.tokenId, shown(RIGHT))).toMatchObject(INFO)
  const records = store.read(({ audit }) => audit.after(0))
  expect(JSON.stringify(records)).toContain('issued')
  await expect(token.issue({ ...RIGHT, info: INFO })).rejects.toThrow()
  expect(await token.revoke(RIGHT.tokenId)).toBe(true)
  expect(await token.revoke(RIGHT.tokenId)).toBe(false)
  expect(await token.revoke('another')).toBe(false)
  store.close()
})

/** A store and its manager, at which a request waits. */
async function asked() {
  const store = openStore(join(await temporaryDirectory(), 'host.db'))
  onTestFinished(() => store.close())
  const hooks = durableHooks(store)
  const told: string[] = []
  const manager = new SessionManager(hooks, {}, { store })
  manager.on('request', (news) => told.push('cause' in news ? news.cause : news.state))
  await hooks.token.issue({ ...RIGHT, info: { ...INFO, byHand: true } })
  const { tokenId } = RIGHT
  const grant = { ...grantOf(tokenId, INFO.usesAllowed), byHand: true as const }
  const request = { ...requestOf(grant, 'bob'), identity: {}, cadre: [], until: T0 + HOUR }
  const work = [{ op: 'keepRequest', request, facts: factsOf('bob', request.sessionId) }] as const
  await store.submit(work).durable
  const waiting = async () => (await store.lookups.requests.waitingOf(['bob'])).size
  expect(await waiting()).toBe(1)
  return { store, token: hooks.token, tokenId, told, waiting }
}

it('a token with other terms ends what waits there, and the manager tells of it', async () => {
  const { token, tokenId, told, waiting } = await asked()
  expect(await token.update(tokenId, { terms: { unit: 'CHF' } })).toMatchObject({ terms: true })
  expect(await waiting()).toBe(0)
  await new Promise(setImmediate)
  expect(told).toEqual(['changed'])
})

it('a change of terms that stands is no failure, though what waits there can’t be ended now', async () => {
  const { store, token, tokenId, waiting } = await asked()
  const failed = Promise.reject(new StoreError(store.path, 'is away'))
  failed.catch(() => undefined)
  vi.spyOn(store, 'submit').mockReturnValueOnce({ outcome: failed, durable: failed })
  expect(await token.update(tokenId, { terms: { unit: 'CHF' } })).toMatchObject({ terms: true })
  expect(await waiting()).toBe(1)
  expect(await token.validate(tokenId, shown(RIGHT))).toMatchObject({ terms: { unit: 'CHF' } })
})
