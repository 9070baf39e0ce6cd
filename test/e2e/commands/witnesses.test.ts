import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { dataDirectory, type Finished, listener, taleus, taleusJson } from '../support/cli.ts'

/** A listener runs on Alice's directory while Bob redeems; it is stopped then, and so has signed. */
async function meet(alice: string, bob: string, contacts = 1): Promise<Finished> {
  const listening = await listener(alice)
  const made = await taleusJson(alice, ['token', 'create', '--unlimited'])
  const link = String(made.json['link'])
  let last = await taleus(bob, ['bootstrap', link, '--yes'])
  for (let nth = 1; nth < contacts; nth += 1) {
    last = await taleus(bob, ['bootstrap', link, '--yes', '--another'])
  }
  expect(await listening.stop()).toBe(0)
  return last
}

async function witnesses(directory: string) {
  const { code, json } = await taleusJson(directory, ['audit', 'witnesses'])
  return { code, json, witnesses: json['witnesses'] }
}

/** Bob's note of Alice's audit, held against what she has. */
async function verifiedByPartner(alice: string, bob: string, peer: unknown) {
  const { code, stdout } = await taleus(bob, ['audit', 'witnesses', String(peer), '--note'])
  expect(code).toBe(0)
  const file = join(bob, 'of-alice')
  writeFileSync(file, stdout)
  return await taleusJson(alice, ['audit', 'verify', '--against', file])
}

/** Bob and Alice have met twice: each keeps a checkpoint of the other. */
async function acquainted() {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  await meet(alice, bob)
  await meet(alice, bob, 2)
  const peers = await Promise.all(
    [alice, bob].map(async (directory) => {
      const { json } = await taleusJson(directory, ['audit', 'checkpoint'])
      return String(json['origin']).split('/').at(-1)
    }),
  )
  return { alice, bob, peerOfAlice: peers[0], peerOfBob: peers[1] }
}

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

test('an audit that was put back from a backup alarms the partner at its next contact', async () => {
  const [alice, bob] = [await dataDirectory(), await dataDirectory()]
  await meet(alice, bob)
  const backup = join(bob, 'backup-of-alice')
  cpSync(alice, backup, { recursive: true })
  await meet(alice, bob)
  await meet(alice, bob)
  rmSync(alice, { recursive: true })
  mkdirSync(alice, { mode: 0o700 })
  cpSync(backup, alice, { recursive: true })

  const { code, stderr } = await meet(alice, bob)
  expect(code).toBe(0)
  const peer = /taleus audit witnesses (12D3\w+)/.exec(stderr)?.[1]
  expect(stderr).toContain('contradicts what it showed before')
  expect(await witnesses(bob)).toMatchObject({
    code: 11,
    json: { alarms: 1, error: { code: 'partner_alarm', exitCode: 11 } },
    witnesses: [{ peerId: peer, state: 'rolled_back' }],
  })
  const query = ['audit', 'query', '--severity', 'alarm']
  const { json } = await taleusJson(bob, query)
  expect(json['records']).toMatchObject([{ data: { event: 'witness.rolled_back' } }])
  const status = await taleus(bob, ['status'])
  expect(status.stdout).toContain('ALARM for 1')
  // Her own machine can't tell, until Bob's copy is held against it.
  expect(await taleus(alice, ['audit', 'verify'])).toMatchObject({ code: 0 })
  expect(await verifiedByPartner(alice, bob, peer)).toMatchObject({
    code: 11,
    json: { ok: false },
  })

  const reason = ['--reason', 'she told me: a new disk']
  const forgotten = await taleus(bob, ['audit', 'witnesses', String(peer), '--forget', ...reason])
  expect(forgotten).toMatchObject({ code: 0, stdout: expect.stringContaining('Forgotten') })
  expect(await witnesses(bob)).toMatchObject({ code: 0, witnesses: [] })
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
