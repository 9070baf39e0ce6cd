import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { verifyTrail } from '../../../src/service/trail/verify-trail.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import { signerOf } from '../../support/audit/signer.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const PEER = signerOf(1).peerId

async function storeFile(): Promise<string> {
  const path = join(await temporaryDirectory(), 'taleus.db')
  const store = openStore(path)
  await store.write(({ audit }) => {
    const base = { type: 'state', severity: 'info', at: 1, monotonic: 1 } as const
    for (let n = 0; n < 40; n += 1) {
      const about = {
        sessionId: `session-${n % 5}`,
        tokenId: `token-${n % 5}`,
        peerId: `peer-${n % 5}`,
      }
      audit.append({ ...base, ...about, data: { n } })
    }
  })
  store.close()
  return path
}

/** Change rows while the index is not looking: afterwards it has what it had, and the rows do not. */
function behindTheIndex(path: string, index: string, sql: string): void {
  const database = new DatabaseSync(path)
  database.enableDefensive(false)
  database.exec('PRAGMA writable_schema = ON')
  const kept = database.prepare('SELECT * FROM sqlite_schema WHERE name = ?').get(index) ?? {}
  database.prepare('DELETE FROM sqlite_schema WHERE name = ?').run(index)
  database.close()
  const blind = new DatabaseSync(path)
  blind.exec(sql)
  blind.enableDefensive(false)
  blind.exec('PRAGMA writable_schema = ON')
  const columns = ['type', 'name', 'tbl_name', 'rootpage', 'sql']
  const values = columns.map((column) => {
    const value = kept[column]
    return typeof value === 'string' || typeof value === 'number' ? value : null
  })
  blind.prepare('INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)').run(...values)
  blind.close()
}

async function verdictOf(path: string) {
  const store = openStore(path)
  try {
    return await verifyTrail(store, PEER)
  } finally {
    store.close()
  }
}

describe('a record whose row is right and which the index does not lead to', () => {
  it.each([
    ['audit_session', 'session_id', `'session-2'`, 3],
    ['audit_thread', 'thread', '4', 9],
  ])('is found by %s', async (index, column, right, seq) => {
    const path = await storeFile()
    expect(await verdictOf(path)).toMatchObject({ ok: true, records: 40 })
    const database = new DatabaseSync(path)
    database.exec(`UPDATE audit SET ${column} = NULL WHERE seq = ${seq}`)
    database.close()
    behindTheIndex(path, index, `UPDATE audit SET ${column} = ${right} WHERE seq = ${seq}`)
    expect(await verdictOf(path)).toMatchObject({ ok: false, firstBad: { seq, problem: 'hidden' } })
  })

  it.each([
    ['audit_token', '"tokenId":"token-2"'],
    ['audit_peer', '"peerId":"peer-2"'],
  ])('is found by %s', async (index, named) => {
    const path = await storeFile()
    const other = named.replace('-2', '-9')
    const database = new DatabaseSync(path)
    database.exec(`UPDATE audit SET record = replace(record, '${named}', '${other}') WHERE seq = 3`)
    database.close()
    const back = `UPDATE audit SET record = replace(record, '${other}', '${named}') WHERE seq = 3`
    behindTheIndex(path, index, back)
    expect(await verdictOf(path)).toMatchObject({
      ok: false,
      firstBad: { seq: 3, problem: 'hidden' },
    })
  })

  it('is found when the index has one entry too many', async () => {
    const path = await storeFile()
    behindTheIndex(path, 'audit_session', 'UPDATE audit SET session_id = NULL WHERE seq = 3')
    expect(await verdictOf(path)).toMatchObject({ ok: false, firstBad: { problem: 'hidden' } })
  })
})
