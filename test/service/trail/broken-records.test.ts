import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { auditEntry } from '../../../src/service/trail/audit-entry.ts'
import { brokenRecords } from '../../../src/service/trail/broken-records.ts'
import { auditRecords } from '../../../src/store/audit/audit-records.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import { auditDraft } from '../../store/fixtures.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

/** Six records, 2, 3 and 5 of session `s`; changed past the program by these statements. */
async function shownAfter(...changes: readonly string[]): Promise<readonly number[]> {
  const path = join(await temporaryDirectory(), 'taleus.db')
  const store = openStore(path)
  onTestFinished(() => store.close())
  await store.write(({ audit }) => {
    for (const session of ['r', 's', 's', 'r', 's', 'r']) audit.append(auditDraft(session, 'was'))
  })
  const database = new DatabaseSync(path)
  for (const change of changes) database.exec(change)
  database.close()
  const shown = await store.query(() => auditRecords.ofSession('s'))
  return await brokenRecords(store, shown.map(auditEntry))
}

it('records that are as they were written are shown as such', async () => {
  expect(await shownAfter()).toEqual([])
})

it('a record that was changed is named when it is shown', async () => {
  const change = `UPDATE audit SET record = replace(record, '"was"', '"xxx"') WHERE seq = 3`
  // The one before it does not lead to it any more.
  expect(await shownAfter(change)).toEqual([2, 3])
})

it('a record whose hash was changed with it is found by the one behind it', async () => {
  const change = 'UPDATE audit SET hash = zeroblob(32) WHERE seq = 5'
  expect(await shownAfter(change)).toEqual([5])
})

it('a record that poses as another one is named', async () => {
  const change = `UPDATE audit SET record = replace(record, '"seq":5', '"seq":1') WHERE seq = 5`
  expect(await shownAfter(change)).toContain(1)
})

it('a record whose neighbours are gone is compared with those that are left', async () => {
  expect(await shownAfter('DELETE FROM audit WHERE seq IN (1, 4, 6)')).toEqual([])
})
