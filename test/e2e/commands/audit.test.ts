import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { appendAudit } from '../../../src/store/query/query.ts'
import { dataDirectory, listener, taleus, taleusJson } from '../support/cli.ts'
import { invite } from '../support/invite.ts'
import { alterStore, onStore } from '../support/open-store.ts'

async function directoryWithTrail(): Promise<string> {
  const directory = await dataDirectory()
  for (let count = 0; count < 3; count++) await invite(directory, ['/ip4/192.0.2.7/tcp/4710'])
  return directory
}

test('a whole trail verifies, and the answer says what that does not prove', async () => {
  const directory = await directoryWithTrail()
  const { code, stdout } = await taleus(directory, ['audit', 'verify'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^6 records fit together/)
  expect(stdout).toContain('unproven')
  const { json } = await taleusJson(directory, ['audit', 'verify'])
  expect(json).toEqual({
    ok: true,
    records: 6,
    head: { seq: 6, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    provenUpTo: null,
    signedUpTo: null,
    removedUpTo: 0,
    tallies: { checked: 0, broken: 0, first: [] },
  })
})

test('a changed record is exit 11, and the first bad one is named', async () => {
  const directory = await directoryWithTrail()
  await alterStore(directory, [
    `UPDATE audit SET record = replace(record, 'stock', 'foil') WHERE seq = 3`,
  ])
  const { code, stdout, stderr } = await taleus(directory, ['audit', 'verify'])
  expect({ code, stdout }).toEqual({ code: 11, stdout: '' })
  expect(stderr).toMatch(/record 3 is not as it was written/)
  const { code: sameCode, json } = await taleusJson(directory, ['audit', 'verify'])
  expect(sameCode).toBe(11)
  expect(json).toMatchObject({
    ok: false,
    records: 2,
    firstBad: { seq: 3, problem: 'hash_mismatch' },
    error: { code: 'audit_broken', exitCode: 11 },
  })
})

test('a record taken out is exit 11', async () => {
  const directory = await directoryWithTrail()
  await alterStore(directory, ['DELETE FROM audit WHERE seq = 2'])
  const { code, json } = await taleusJson(directory, ['audit', 'verify'])
  expect({ code, firstBad: json['firstBad'] }).toEqual({
    code: 11,
    firstBad: { seq: 2, problem: 'missing' },
  })
})

test('a tail cut off is not found alone, and is against a checkpoint that was kept elsewhere', async () => {
  const directory = await directoryWithTrail()
  const kept = join(directory, 'kept')
  const { code: made, stdout } = await taleus(directory, ['audit', 'checkpoint', '--out', kept])
  expect(made).toBe(0)
  expect(stdout).toBe(readFileSync(kept, 'utf8'))
  expect(stdout).toMatch(
    /^taleus\/audit\/12D3\w+\n6\n\S{44}\n\n\u2014 taleus\/audit\/12D3\w+ \S+\n$/,
  )
  const whole = await taleus(directory, ['audit', 'verify', '--against', kept])
  expect(whole).toMatchObject({ code: 0 })
  expect(whole.stdout).toContain('Proven by an outside checkpoint up to record 6')

  await alterStore(directory, ['DELETE FROM audit WHERE seq > 4', 'DELETE FROM audit_checkpoints'])
  const { code, json } = await taleusJson(directory, ['audit', 'verify'])
  expect({ code, json }).toMatchObject({ code: 0, json: { records: 4, provenUpTo: null } })
  const cut = await taleusJson(directory, ['audit', 'verify', '--against', kept])
  expect(cut).toMatchObject({
    code: 11,
    json: { ok: false, records: 4, firstBad: { seq: 5, problem: 'missing', upTo: 6 } },
  })
})

test('a checkpoint of another party, or a changed one, proves nothing and is exit 11', async () => {
  const [alice, bob] = [await directoryWithTrail(), await directoryWithTrail()]
  const kept = join(bob, 'kept')
  await taleus(bob, ['audit', 'checkpoint', '--out', kept])
  const foreign = await taleusJson(alice, ['audit', 'verify', '--against', kept])
  expect(foreign).toMatchObject({ code: 11, json: { error: { code: 'checkpoint_invalid' } } })
  writeFileSync(kept, readFileSync(kept, 'utf8').replace('\n6\n', '\n5\n'))
  const changed = await taleus(bob, ['audit', 'verify', '--against', kept])
  expect(changed.code).toBe(11)
  expect(changed.stderr).toContain('signature is wrong')
  const none = await taleus(bob, ['audit', 'verify', '--against', join(bob, 'not-there')])
  expect(none.code).toBe(2)
  writeFileSync(kept, 'not a checkpoint\n')
  const unread = await taleusJson(bob, ['audit', 'verify', '--against', kept])
  expect(unread).toMatchObject({ code: 2, json: { error: { code: 'checkpoint_malformed' } } })
})

test('a checkpoint that came by mail proves what it proved', async () => {
  const directory = await directoryWithTrail()
  const kept = join(directory, 'kept')
  await taleus(directory, ['audit', 'checkpoint', '--out', kept])
  const mailed = `\uFEFF${readFileSync(kept, 'utf8').replaceAll('\n', '\r\n').trimEnd()}\r\n\r\n`
  writeFileSync(kept, mailed)
  const { code, json } = await taleusJson(directory, ['audit', 'verify', '--against', kept])
  expect({ code, json }).toMatchObject({ code: 0, json: { provenUpTo: json['records'] } })
})

test('nothing is signed over a trail that is broken', async () => {
  const directory = await directoryWithTrail()
  await alterStore(directory, [
    `UPDATE audit SET record = replace(record, 'stock', 'foil') WHERE seq = 3`,
  ])
  const { code, json } = await taleusJson(directory, ['audit', 'checkpoint'])
  expect(code).toBe(11)
  expect(json).toMatchObject({
    error: { code: 'trail_broken', message: expect.stringContaining('record 3') },
  })
})

test('a checkpoint is proven as far as it goes, and no further', async () => {
  const directory = await directoryWithTrail()
  const { json: made } = await taleusJson(directory, ['audit', 'checkpoint'])
  expect(made).toMatchObject({ size: 6, root: expect.stringMatching(/^[0-9a-f]{64}$/) })
  const kept = join(directory, 'kept')
  writeFileSync(kept, String(made['checkpoint']))
  await invite(directory, ['/ip4/192.0.2.7/tcp/4710'])
  const { json } = await taleusJson(directory, ['audit', 'verify', '--against', kept])
  expect(json).toMatchObject({ ok: true, records: 8, provenUpTo: 6, signedUpTo: 6 })
  const { stdout } = await taleus(directory, ['audit', 'verify', '--against', kept])
  expect(stdout).toContain('Unproven: the 2 after it')
})

test('a running listener removes what is older than audit-retention once it is told', async () => {
  const directory = await dataDirectory()
  await invite(directory, ['/ip4/192.0.2.7/tcp/4710'])
  const at = Date.now() - 3 * 86_400_000
  await onStore(directory, (store) =>
    store.transact(function* () {
      for (let n = 0; n < 600; n += 1) {
        yield* appendAudit({ type: 'state', severity: 'info', at, monotonic: n, data: { n } })
      }
    }),
  )
  expect((await taleus(directory, ['audit', 'checkpoint'])).code).toBe(0)
  const listening = await listener(directory)
  const verdict = async () => (await taleusJson(directory, ['audit', 'verify'])).json
  expect(await verdict()).toMatchObject({ ok: true, removedUpTo: 0 })
  expect((await taleus(directory, ['config', 'set', 'audit-retention', '1h'])).code).toBe(2)
  const set = await taleusJson(directory, ['config', 'set', 'audit-retention', '2d'])
  expect(set).toMatchObject({ code: 0, json: { listener: { take: 'now' } } })
  await expect.poll(verdict, { timeout: 20_000 }).toMatchObject({ ok: true, removedUpTo: 512 })
  expect(await listening.stop()).toBe(0)
  const { json } = await taleusJson(directory, ['audit', 'query', '--type', 'lifecycle'])
  const events = JSON.stringify(json)
  expect(events).toContain('"event":"audit.pruned","first":1,"keepMs":172800000,"last":512')
})
