import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { dataDirectory, taleus, taleusJson } from './support/cli.ts'

async function directoryWithTrail(): Promise<string> {
  const directory = await dataDirectory()
  for (let count = 0; count < 3; count++) {
    await taleus(directory, ['token', 'create', '--announce', '/ip4/192.0.2.7/tcp/4710'])
  }
  return directory
}

function change(directory: string, sql: string): void {
  const database = new DatabaseSync(join(directory, 'taleus.db'))
  database.exec(sql)
  database.close()
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
  })
})

test('a changed record is exit 11, and the first bad one is named', async () => {
  const directory = await directoryWithTrail()
  change(directory, `UPDATE audit SET record = replace(record, 'stock', 'foil') WHERE seq = 3`)
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
  change(directory, 'DELETE FROM audit WHERE seq = 2')
  const { code, json } = await taleusJson(directory, ['audit', 'verify'])
  expect({ code, firstBad: json['firstBad'] }).toEqual({
    code: 11,
    firstBad: { seq: 2, problem: 'missing' },
  })
})

test('a tail cut off is not found, which is why it is called unproven', async () => {
  const directory = await directoryWithTrail()
  change(directory, 'DELETE FROM audit WHERE seq > 4')
  const { code, json } = await taleusJson(directory, ['audit', 'verify'])
  expect({ code, json }).toMatchObject({ code: 0, json: { records: 4, provenUpTo: null } })
})
