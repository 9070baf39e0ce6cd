import { expect, it, onTestFinished } from 'vitest'
import { createFileHooks } from '../../../src/hooks/file/create-file-hooks.ts'
import { ownFileHooks } from '../../../src/hooks/file/own-file-hooks.ts'
import type { OwnHooks } from '../../../src/hooks/own/hook-module.ts'
import type { DatabaseHook, SessionHooks } from '../../../src/hooks/session-hooks.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { context, draftFor, provisionContext } from '../../contract/hooks-fixtures.ts'

/** A party that is started with other hooks each time, on one store. */
function party() {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  return (own: OwnHooks = {}): SessionHooks => {
    const usual = createFileHooks({ store, eventFile: '/dev/null' })
    return ownFileHooks(usual, own)
  }
}

/** Builds under ids of tallies, and tells which there are. */
function ownBuilder(more: Partial<DatabaseHook> = {}, name = (tallyId: string) => tallyId) {
  const there = new Set<string>()
  const database: DatabaseHook = {
    provision: async (createdBy, _inviter, _invitee, _session, { tallyId }) => {
      there.add(name(tallyId))
      const dbConnectionInfo = { engine: 'own', endpoint: 'own:1', credentialsRef: 'none' }
      return { tally: { tallyId: name(tallyId), createdBy }, dbConnectionInfo }
    },
    deprovision: async (tallyId) => void there.delete(tallyId),
    ...more,
  }
  return { there, own: { database } }
}

const build = ({ database }: SessionHooks, tallyId: string) =>
  database.provision('stock', 'alice', 'bob', 'session-1', provisionContext(tallyId))

it('what own hooks have built is removed by them alone, and is owed while they are not set', async () => {
  const start = party()
  const { there, own } = ownBuilder()
  await build(start(own), 't')
  await expect(start().database.deprovision?.('t', context())).rejects.toThrow('begun by your own')
  expect([...there]).toEqual(['t'])
  await start(own).database.deprovision?.('t', context())
  expect([...there]).toEqual([])
  await start().database.deprovision?.('t', context())
})

it('what own hooks have begun is not built beside them later', async () => {
  const start = party()
  const { own } = ownBuilder()
  await build(start(own), 't')
  await expect(build(start(), 't')).rejects.toMatchObject({ code: 'database_setup' })
  await start(own).database.deprovision?.('t', context())
  expect(await build(start(), 't')).toMatchObject({ dbConnectionInfo: { engine: 'automerge' } })
})

it('it is noted before own hooks are called, also if they never answer', async () => {
  const start = party()
  const { own } = ownBuilder({ provision: () => Promise.reject(new Error('died')) })
  await expect(build(start(own), 't')).rejects.toThrow('died')
  await expect(start().database.deprovision?.('t', context())).rejects.toThrow('begun by your own')
})

it('what they built under an id of their own is theirs, too', async () => {
  const start = party()
  const { there, own } = ownBuilder({}, () => 'mine')
  await build(start(own), 't')
  await expect(start().database.deprovision?.('mine', context())).rejects.toThrow('begun by your')
  await start(own).database.deprovision?.('mine', context())
  expect([...there]).toEqual([])
})

it('without a way to remove it stays owed', async () => {
  const start = party()
  const { provision } = ownBuilder().own.database
  await build(start({ database: { provision } }), 't')
  const removal = start({ database: { provision } }).database.deprovision?.('t', context())
  await expect(removal).rejects.toThrow('no `database.deprovision`')
})

it('what was begun on a server before is finished there', async () => {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  const usual = createFileHooks({ store, eventFile: '/dev/null' })
  await usual.credentials.forBuilding('t', { server: 'postgres://a@127.0.0.1:1/b', endpoint: 'x' })
  const { there, own } = ownBuilder()
  await expect(build(ownFileHooks(usual, own), 't')).rejects.toMatchObject({
    code: 'database_unreachable',
  })
  expect([...there]).toEqual([])
  await usual.database.close()
})

it('rubbish that own hooks answer is given on, for who asked to judge', async () => {
  const start = party()
  for (const rubbish of [undefined, null, 7, {}, { tally: null }, { tally: { tallyId: 7 } }]) {
    const { own } = ownBuilder({ provision: async () => rubbish as never })
    expect(await build(start(own), 't')).toBe(rubbish)
  }
})

it('own hooks that only check what partners built leave the rest as it is', async () => {
  const start = party()
  const own = { database: { verify: async () => ({ refused: 'denied' }) as const } }
  const hooks = start(own)
  expect(hooks.database.leavesNoTrace).toBe(true)
  const { tally, dbConnectionInfo } = await build(hooks, 't')
  const { engine = '', ...more } = dbConnectionInfo
  const built = { tally, database: { engine, ...more }, draft: draftFor('stock')('t') }
  expect(await hooks.database.verify?.(built, context())).toEqual({ refused: 'denied' })
  await expect(
    build(start({ database: { ...own.database, ...ownBuilder().own.database } }), 'u'),
  ).resolves.toMatchObject({
    dbConnectionInfo: { engine: 'own' },
  })
})
