import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { appendRecord, EMPTY_CHAIN } from '../../../src/audit/record/chain.ts'
import type { AuditDraft } from '../../../src/audit/record/record.ts'
import { queryTrail } from '../../../src/service/trail/query-trail.ts'
import { verifyTrail } from '../../../src/service/trail/verify-trail.ts'
import { migrate } from '../../../src/store/file/migrate.ts'
import { MIGRATIONS } from '../../../src/store/file/migrations.ts'
import { openRepositories } from '../../../src/store/transaction/repositories.ts'
import { Store } from '../../../src/store/transaction/store.ts'
import { signerOf } from '../../support/audit/signer.ts'

/** The last version of which a thread was a session, whomever its records named. */
const BY_SESSION = 13

const tokenOf = (n: number) => `token${n}`.padEnd(16, 'a')

function oldStore(): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  onTestFinished(() => database.close())
  for (const sql of MIGRATIONS.slice(0, BY_SESSION)) database.exec(sql)
  database.exec(`PRAGMA user_version = ${BY_SESSION}`)
  database.exec('INSERT INTO audit_blocks VALUES (0, zeroblob(256))')
  const insert = database.prepare('INSERT INTO audit VALUES (?, ?, ?, ?, ?)')
  let head = EMPTY_CHAIN
  for (let n = 1; n <= 300; n += 1) {
    const base = { type: 'token', severity: 'info', at: n, monotonic: 1, data: {} } as const
    const token = n % 3 === 0 ? {} : { tokenId: tokenOf(n % 3) }
    const draft: AuditDraft = { ...base, ...token, sessionId: 'one', peerId: `peer${n % 2}` }
    const next = appendRecord(head, draft)
    insert.run(n, n === 1 ? 'one' : null, n === 1 ? null : 1, next.text, next.hash)
    head = next
  }
  // What can't be read stays what it is.
  insert.run(301, null, null, 'nonsense', new Uint8Array(32))
  return database
}

it('an older audit is found by whole ids, also where one session named several', () => {
  const database = oldStore()
  migrate(database, ':memory:')
  const store = new Store(':memory:', database, openRepositories(database))
  const seqs = [...queryTrail(store, { tokenId: tokenOf(2) })].map(({ entry }) => entry.seq)
  expect(seqs).toEqual(Array.from({ length: 100 }, (_, n) => 3 * n + 2))
  expect([...queryTrail(store, { sessionId: 'one' })]).toHaveLength(300)
  expect(verifyTrail(store, signerOf(1).peerId).firstBad).toEqual({
    seq: 301,
    problem: 'unreadable',
  })
})
