import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { appendRecord, EMPTY_CHAIN } from '../../../src/audit/record/chain.ts'
import type { AuditDraft } from '../../../src/audit/record/record.ts'
import { sha256Hex } from '../../../src/protocol/base/digest.ts'
import { verifyTrail } from '../../../src/service/trail/verify-trail.ts'
import { migrate } from '../../../src/store/file/migrate.ts'
import { MIGRATIONS } from '../../../src/store/file/migrations.ts'
import { Store } from '../../../src/store/transaction/store.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'
import { signerOf } from '../../support/audit/signer.ts'
import { foundSeqs } from '../../support/trail/found-seqs.ts'

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

it('the schema of a released version is never edited', () => {
  expect(MIGRATIONS.map((sql) => sha256Hex(sql))).toEqual([
    '101ce522ee920f8469546a7061391268ecb3d80368c5815764b69336de235e5c',
    '4c480d5c88bf9d10100f3a263af35cdacda733d8bf578a54d7c165121c3438bf',
    '6aa271ff2ad857ec431f41ae14e97ec0bf0931d5649db18feb7e1284f256edff',
    'c26a9f7dbec1b4fe5498c71c4fb6eda1ea19af4b02ac432a8217adda3c0762d4',
    'ea525fc2e7682877d575d10728e22b7bad1bd2f8174bd9c0de3c0109862db08d',
    '7db98409f763b56f72cf05127d64029f8cd77800bdbb97d986257113b7f0c6f6',
    '71f585e3f057bc6f3746c94313d484a73cb02ba3f258c33984db9ac002310f17',
    '6d7f2ecd315b0e78f9eee56f2ef69c5cf173621e80542bd2ad063b616289df59',
    '6ec3579ad7c3b43dadca6a5a7680bcf4dbc343e10247f96de8e1e1de99660851',
    'fd0bab44f6dd0fde8ac12cae7a2898086e5e0589a03adcc9621b5d3e624a4ce0',
    'cff65193fd024526b7ff06c3e9919f5cb521ac2c7090ce4d06cbd245d6686c9f',
    '192267cbbef322ce127505a0374d6d1496b3402e76d3add927223de1f67be498',
    '3ccd6f03c70822f8b79faae38c691002e038fe4d684e8beab8217fba8f6b7c89',
    'a9795656c40a5adbf33147875ea0af03636701619a2120982fa3dc543f4de6e1',
    '9de28d0b077b31686ea2f2d0e88f806ec0d660e737d8f0285e387e66f865ea39',
    '2e53fe233559802215261720cb53fd4a08f64dae6cbe0728e2c94fad82ee9829',
    '9fc4b494ede334449a1e7922b80beb168d023cd7914937e2515eadfa412a91bb',
    '9dcca3021fbfd964d4e7e6605f1e7661569ec3e86e88db7031199fe5a55c2160',
    '55bca251f8105a9102b68c104ea188182047adad23e1da993435ebace202fb7e',
    'f2a9ad3ed6f23bc4f6100398d127658e314ddd3852dbcc2988530c7af63658df',
    'e9163a0403e522bed493fbf34940b4df5b4fec94f75a5d4274382918d1d1839a',
    'd668bdffc4228dbcb5e7d20b990402585985c3d6363807f5a38ba19fb8200b92',
  ])
})

it('an older audit is found by whole ids, also where one session named several', async () => {
  const database = oldStore()
  migrate(database, ':memory:')
  const store = new Store(':memory:', database, new Repositories(database))
  const seqs = await foundSeqs(store, { tokenId: tokenOf(2) })
  expect(seqs).toEqual(Array.from({ length: 100 }, (_, n) => 3 * n + 2))
  expect(await foundSeqs(store, { sessionId: 'one' })).toHaveLength(300)
  expect((await verifyTrail(store, signerOf(1).peerId)).firstBad).toEqual({
    seq: 301,
    problem: 'unreadable',
  })
})
