import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { cancelByOperator } from '../../../src/service/control/cancel-session.ts'
import { MAX_UNWRITTEN_MS } from '../../../src/session/run/unwritten-moves.ts'
import { auditRecords } from '../../../src/store/audit/audit-records.ts'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { settle, type TestNode, World } from '../../support/session/world.ts'

/** One without a listener: the sessions are another program's, on the same store. */
function placeOf({ store, clock }: TestNode) {
  const path = mkdtempSync(join(tmpdir(), 'taleus-cancel-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return { directory: openDataDirectory(join(path, 'data')), store, clock }
}

test('to cancel a session that is over takes nothing from the one that went on with its use', async () => {
  const gate = Promise.withResolvers<void>()
  const world = new World({
    invitee: {
      hooks: (own) => ({
        ...own,
        database: {
          provision: async (...all) => {
            await gate.promise
            return await own.database.provision(...all)
          },
        },
      }),
    },
  })
  const { alice } = world
  const link = world.invite({ initiatorRole: 'foil' })
  world.faults = { fate: (side) => (side === 'listener' ? 'cut' : 'deliver') }
  expect(await world.redeemed(link)).toMatchObject({ completed: false })
  world.faults = {}
  const again = world.redeem(link)
  await settle()
  // A move on whose strength nothing leaves is written a little later.
  await world.pass(MAX_UNWRITTEN_MS, MAX_UNWRITTEN_MS)
  const newer = alice.sessions.find(({ state }) => state === 'AWAITING_ACK')
  const older = alice.sessions.find(({ state }) => state === 'FAILED')
  if (newer === undefined || older === undefined) throw new Error('there are not two sessions')
  expect(older.redemptionId).toBe(newer.redemptionId)
  expect(await cancelByOperator(placeOf(alice), older)).toBe('nothing')
  gate.resolve()
  await settle()
  expect(await again).toMatchObject({ completed: true })
  expect(await cancelByOperator(placeOf(alice), newer)).toBe('nothing')
  expect(await alice.tallies).toMatchObject([{ status: 'confirmed' }])
})

test('to cancel the last session of a use gives it back', async () => {
  const world = new World()
  const { alice } = world
  world.faults = { fate: (side) => (side === 'listener' ? 'cut' : 'deliver') }
  await world.redeemed(world.invite({ initiatorRole: 'foil' }))
  const [session] = alice.sessions
  if (session === undefined) throw new Error('there is no session')
  expect(await cancelByOperator(placeOf(alice), session)).toBe('reservation')
  expect(await alice.store.query(() => tokenRecords.list())).toMatchObject([{ reserved: 0 }])
  const told = await alice.store.query(() => auditRecords.after(0))
  expect(told.slice(-2).map(({ text }) => JSON.parse(text))).toMatchObject([
    { type: 'token', sessionId: session.id, data: { event: 'released' } },
    { type: 'operator', data: { command: 'sessions cancel', session: session.id } },
  ])
  expect(await cancelByOperator(placeOf(alice), session)).toBe('nothing')
})
