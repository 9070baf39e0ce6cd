import { join } from 'node:path'
import { expect, it } from 'vitest'
import { durableHooks } from '../../../src/service/library/durable-hooks.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import { describeHooks } from '../../contract/hooks-contract.ts'
import { draftFor, INFO, RIGHT, shown } from '../../contract/hooks-fixtures.ts'
import { tallyOf } from '../../store/fixtures.ts'
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
