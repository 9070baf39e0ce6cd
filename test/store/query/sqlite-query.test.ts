import { expect, it, onTestFinished } from 'vitest'
import { appendAudit, selectOne } from '../../../src/store/query/query.ts'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { readNow } from '../../support/store/read-now.ts'
import { auditDraft, journalEntry, summaryOf } from '../fixtures.ts'

function memoryStore() {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  return store
}

const countRecords = () => selectOne('SELECT count(*) AS count FROM audit')

it('a query finds what work that is not committed yet has added to journal and audit', () => {
  const store = memoryStore()
  const entries = [journalEntry(1), journalEntry(2)]
  store.submit([
    { op: 'saveSession', summary: summaryOf('s'), isNew: true, entries },
    { op: 'appendAudit', draft: auditDraft('s', 'moved') },
  ])
  expect(readNow(store, sessionRecords.entries('s'))).toEqual(entries)
  expect(readNow(store, countRecords())).toEqual({ count: 1 })
})

it('a change finds what it has appended to the audit itself', async () => {
  const store = memoryStore()
  const found = await store.transact(function* () {
    yield* appendAudit(auditDraft(undefined, 'first'))
    return yield* countRecords()
  })
  expect(found).toEqual({ count: 1 })
})
