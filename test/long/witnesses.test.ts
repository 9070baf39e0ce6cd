import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { dataDirectory, listener, taleus, taleusJson } from '../e2e/support/cli.ts'
import { acquainted, meet, verifiedByPartner, witnesses } from '../e2e/support/meeting.ts'

test('two machines that meet again keep each other’s checkpoint, and it proves what it covers', async () => {
  const { alice, bob, peerOfAlice, peerOfBob } = await acquainted()
  const bobs = await witnesses(bob)
  expect(bobs).toMatchObject({
    code: 0,
    json: { alarms: 0 },
    witnesses: [{ peerId: peerOfAlice, state: 'consistent', unproven: [], contradictions: [] }],
  })
  expect(await witnesses(alice)).toMatchObject({
    code: 0,
    witnesses: [{ peerId: peerOfBob, state: 'consistent' }],
  })
  const proven = await verifiedByPartner(alice, bob, peerOfAlice)
  expect(proven).toMatchObject({ code: 0, json: { ok: true } })
  expect(proven.json['provenUpTo']).toBeGreaterThan(0)
  const shown = await taleus(bob, ['audit', 'witnesses', String(peerOfAlice).slice(-8)])
  expect(shown.stdout).toMatch(/state +consistent/)
})

test('two machines that go on from copies of one data directory are found by who meets both', async () => {
  const { alice, bob, peerOfAlice } = await acquainted()
  const other = await dataDirectory()
  cpSync(alice, other, { recursive: true })
  // Each goes on by itself, the other one further.
  for (const directory of [alice, other, other, other]) {
    await taleus(directory, ['token', 'create', '--announce', '/ip4/192.0.2.7/tcp/4710'])
    await taleus(directory, ['audit', 'checkpoint', '--quiet'])
  }
  await meet(alice, bob)
  const { stderr } = await meet(other, bob)
  expect(stderr).toContain('contradicts what it showed before')
  const { code, json } = await witnesses(bob)
  expect({ code, json }).toMatchObject({
    code: 11,
    json: { witnesses: [{ peerId: peerOfAlice, state: 'forked' }] },
  })
  // Either machine can see what the other had signed.
  const note = await verifiedByPartner(other, bob, peerOfAlice)
  expect(note).toMatchObject({ code: 11, json: { firstBad: { problem: 'rewritten' } } })
})

test('an invitee’s audit whose end was cut off alarms the inviter’s listener, which says so', async () => {
  const { alice, bob, peerOfBob } = await acquainted()
  const database = new DatabaseSync(join(bob, 'taleus.db'))
  database.exec(`
    DELETE FROM audit WHERE seq > 5;
    DELETE FROM audit_checkpoints WHERE size > 5`)
  database.close()
  const listening = await listener(alice)
  const made = await taleusJson(alice, ['token', 'create'])
  await taleus(bob, ['bootstrap', String(made.json['link']), '--yes'])
  const problem = await listening.line(({ type, detail }) => {
    return type === 'problem' && String(detail).includes('ALARM')
  })
  expect(String(problem['detail'])).toContain(String(peerOfBob))
  await listening.stop()
  expect(await witnesses(alice)).toMatchObject({ code: 11 })
  const shown = await taleus(alice, ['audit', 'witnesses'])
  expect(shown).toMatchObject({ code: 11, stdout: expect.stringContaining('ROLLED BACK') })
})
