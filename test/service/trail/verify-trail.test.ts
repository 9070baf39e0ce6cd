import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { operatorRecord } from '../../../src/service/record/operator.ts'
import { verifyTrail } from '../../../src/service/trail/verify-trail.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import { signerOf } from '../../support/audit/signer.ts'

async function storeOf(records: number): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'taleus-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'taleus.db')
  const store = openStore(path)
  await store.write(({ audit }) => {
    for (let at = 0; at < records; at++) audit.append(operatorRecord('test', {}, { at }))
  })
  store.close()
  return path
}

async function verdictAfter(path: string, sql: string) {
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
  const store = openStore(path)
  try {
    return await verifyTrail(store, signerOf(1).peerId)
  } finally {
    store.close()
  }
}

describe('a trail', () => {
  it('as it was written verifies, and proves nothing about its end', async () => {
    expect(await verdictAfter(await storeOf(5), '')).toEqual({
      ok: true,
      records: 5,
      head: { seq: 5, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
      provenUpTo: null,
      signedUpTo: null,
      removedUpTo: 0,
    })
  })

  it('without a record is whole', async () => {
    expect(await verdictAfter(await storeOf(0), '')).toMatchObject({ ok: true, records: 0 })
  })

  it.each([
    ['changed', `UPDATE audit SET record = replace(record, '"at":2', '"at":9') WHERE seq = 3`, 3],
    ['taken out', 'DELETE FROM audit WHERE seq = 2', 2],
    ['given another hash', 'UPDATE audit SET hash = zeroblob(32) WHERE seq = 4', 4],
    ['made unreadable', `UPDATE audit SET record = '{}' WHERE seq = 1`, 1],
  ])('with a record %s names the first that is bad', async (_, sql, seq) => {
    const verdict = await verdictAfter(await storeOf(5), sql)
    expect(verdict).toMatchObject({ ok: false, records: seq - 1, firstBad: { seq } })
  })
})
