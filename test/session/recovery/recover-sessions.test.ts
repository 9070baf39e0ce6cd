import { expect, test } from 'vitest'
import type { OpenSession } from '../../../src/session/ports/session-summary.ts'
import type { SessionStore } from '../../../src/session/ports/store.ts'
import { written } from '../../../src/session/ports/written.ts'
import { recoverSessions } from '../../../src/session/recovery/recover-sessions.ts'
import { replayJournal } from '../../../src/session/recovery/replay-journal.ts'
import { redemptionRecords } from '../../../src/store/records/redemption-records.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { summaryOf } from '../../store/fixtures.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import { settle, type TestNode, World } from '../../support/session/world.ts'
import { readNow } from '../../support/store/read-now.ts'

/** A world whose inviter hangs in the database hook: what a crash would leave is in its store. */
async function hanging(): Promise<World> {
  const world = new World({
    inviter: {
      hooks: (own) => ({
        ...own,
        database: { provision: () => new Promise(() => undefined) },
      }),
    },
  })
  void world.redeem(world.invite()).catch(() => undefined)
  await settle()
  return world
}

/** Recovery as the next process would do it: on what is stored, with nothing in memory. */
function recover({ store, clock }: TestNode, dryRun = false) {
  return recoverSessions({ store, clock }, 'listener', dryRun)
}

test('a session that its process did not finish is closed where it was left', async () => {
  const { alice } = await hanging()
  const recovered = await recover(alice)
  expect(recovered).toMatchObject([{ state: 'PROVISIONING_DB', journalBroken: false }])
  const [session] = alice.sessions
  expect(session).toMatchObject({ state: 'FAILED', reason: 'crashed', step: 'PROVISIONING_DB' })
  expect(session?.endedAt).toBeDefined()
  expect(await recover(alice)).toEqual([])
})

test('a session that goes on while it is looked at is left to its process', async () => {
  const { alice } = await hanging()
  const { clock, store: own } = alice
  const { sessions } = own.lookups
  const goOn = async ({ summary, entries }: OpenSession): Promise<void> => {
    const [from, seq] = [summary.state, entries.length + 1]
    const entry = { seq, from, to: from, event: '{"type":"streamEnded"}', at: clock.now(), ms: 0 }
    await written(own, [{ op: 'saveSession', summary, isNew: false, entries: [entry] }])
  }
  const open = async (...all: Parameters<typeof sessions.open>) => {
    const found = await sessions.open(...all)
    await Promise.all(found.map(goOn))
    return found
  }
  const store: SessionStore = {
    lookups: { ...own.lookups, sessions: { ...sessions, open } },
    submit: (work) => own.submit(work),
    rehearse: (work) => own.rehearse(work),
  }
  expect(await recoverSessions({ store, clock }, 'listener')).toEqual([])
  expect(alice.sessions).toMatchObject([{ state: 'PROVISIONING_DB' }])
})

test('the journal with its last entry leads to the stored state, and the audit verifies', async () => {
  const { alice } = await hanging()
  await recover(alice)
  const [session] = alice.sessions
  if (session === undefined) throw new Error('no session')
  const entries = alice.store.repositories.sessions.entries(session.id)
  expect(replayJournal(session, entries).name).toBe('FAILED')
  expect(verifyRows(alice.store.repositories.audit.rows())).toMatchObject({ ok: true })
})

test('the use stays reserved for the peer, and is free when its time is over', async () => {
  const world = await hanging()
  const { alice } = world
  await recover(alice)
  const reserved = async () =>
    (await alice.store.query(() => tokenRecords.list())).map(({ reserved: count }) => count)
  expect(await reserved()).toEqual([1])
  expect(readNow(alice.store, () => redemptionRecords.unfinished(10))).toMatchObject([
    { state: 'provisioning' },
  ])
  const lapsed = alice.store.repositories.redemptions.lapsed(world.clock.now() + 3_600_000, 10)
  expect(lapsed).toHaveLength(1)
})

test('a dry run says the same and writes nothing', async () => {
  const { alice } = await hanging()
  const before = [...alice.store.repositories.audit.rows()].length
  const said = await recover(alice, true)
  expect([...alice.store.repositories.audit.rows()]).toHaveLength(before)
  expect(alice.sessions).toMatchObject([{ state: 'PROVISIONING_DB' }])
  expect(await recover(alice)).toEqual(said)
})

test('a session whose journal is broken is closed all the same, and that is told', async () => {
  const { alice } = await hanging()
  await alice.store.write(({ sessions }) => {
    for (const session of alice.sessions) {
      const entry = { from: 'COMPLETED', to: 'FAILED', event: '{"type":"sent"}', at: 0, ms: 0 }
      const seq = sessions.entries(session.id).length + 1
      expect(sessions.update(session, [{ ...entry, seq }])).toBe(true)
    }
  })
  expect(await recover(alice)).toMatchObject([{ journalBroken: true }])
  expect(alice.sessions).toMatchObject([{ state: 'FAILED', reason: 'crashed' }])
})

test('all of them are closed, however many, some hundred in a transaction', async () => {
  const { alice } = new World()
  const { store } = alice
  await store.write(({ sessions }) => {
    for (let n = 0; n < 1_001; n += 1) sessions.save(summaryOf(`session-${n}`))
  })
  expect(await recover(alice)).toHaveLength(1_001)
  expect(await recover(alice)).toEqual([])
})

test('sessions that are over are left alone', async () => {
  const world = new World()
  expect(await world.redeemed(world.invite())).toMatchObject({ completed: true })
  expect(await recover(world.alice)).toEqual([])
  const { store, clock } = world.bob
  expect(await recoverSessions({ store, clock }, 'dialer')).toEqual([])
})
