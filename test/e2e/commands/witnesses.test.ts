import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dataDirectory, taleus, taleusJson } from '../support/cli.ts'
import { meet, verifiedByPartner, witnesses } from '../support/meeting.ts'

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
