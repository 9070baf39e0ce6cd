import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { appendAudit, selectOne } from '../../../src/store/query/query.ts'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { openMemoryStore, openStore } from '../../../src/store/transaction/store.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { readNow } from '../../support/store/read-now.ts'
import { auditDraft, journalEntry, summaryOf } from '../fixtures.ts'

function memoryStore() {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  return store
}

const countTimes = () => selectOne("SELECT count(*) AS count FROM meta WHERE name LIKE 'time %'")

const countRecords = () => selectOne('SELECT count(*) AS count FROM audit')

it('a query finds what work that is not committed yet has added to journal and audit', () => {
  const store = memoryStore()
  const entries = [journalEntry(1), journalEntry(2)]
  store.submit([
    { op: 'saveSession', summary: summaryOf('s'), isNew: true, entries },
    { op: 'appendAudit', draft: auditDraft('s', 'moved') },
  ])
  expect(readNow(store, () => sessionRecords.entries('s'))).toEqual(entries)
  expect(readNow(store, countRecords)).toEqual({ count: 1 })
})

it('a change finds what it has appended to the audit itself', async () => {
  const store = memoryStore()
  const found = await store.transact(function* () {
    yield* appendAudit(auditDraft(undefined, 'first'))
    return yield* countRecords()
  })
  expect(found).toEqual({ count: 1 })
})

it('a question of several statements is as of one moment, whoever writes meanwhile', async () => {
  const path = join(await temporaryDirectory(), 'taleus.db')
  const store = openStore(path)
  const other = new DatabaseSync(path)
  onTestFinished(() => {
    store.close()
    other.close()
  })
  let written = 0
  const twice = function* () {
    const before = yield* countTimes()
    other.exec(`INSERT INTO meta (name, value) VALUES ('time ${written++}', '1')`)
    return [before, yield* countTimes()]
  }
  for (const _each of [1, 2]) {
    const [before, after] = await store.query(twice)
    expect(after).toEqual(before)
  }
  expect(await store.query(countTimes)).toEqual({ count: written })
})
