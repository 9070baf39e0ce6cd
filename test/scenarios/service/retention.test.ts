import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openSegment } from '../../../src/audit/checkpoint/segment-note.ts'
import type { AuditDraft } from '../../../src/audit/record/record.ts'
import { pruneTrail } from '../../../src/service/trail/prune-trail.ts'
import { retainSlice } from '../../../src/service/trail/retain-trail.ts'
import { RetentionKeeper } from '../../../src/service/trail/retention-keeper.ts'
import { takeCheckpoint } from '../../../src/service/trail/take-checkpoint.ts'
import { verifyTrail } from '../../../src/service/trail/verify-trail.ts'
import { segmentRecords } from '../../../src/store/audit/segment-records.ts'
import { TrailBrokenError } from '../../../src/store/errors.ts'
import { openMemoryDatabase } from '../../../src/store/file/database.ts'
import { Store } from '../../../src/store/transaction/store.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'
import { signerOf } from '../../support/audit/signer.ts'

const ALICE = signerOf(1)
const OPERATOR = { user: 'alice', uid: 1_000, reason: 'by hand' }

function draft(n: number): AuditDraft {
  const sessionId = `session-${Math.floor(n / 5)}`
  return { type: 'state', severity: 'info', at: n, monotonic: n, sessionId, data: { n } }
}

/** Records written at 1, 2, 3… */
async function world(records: number, begin = 0) {
  const database = openMemoryDatabase()
  const store = new Store(':memory:', database, new Repositories(database))
  onTestFinished(() => store.close())
  let written = begin
  const append = async (count: number) => {
    await store.write(({ audit }) => {
      const end = written + count
      for (; written < end; written += 1) audit.append(draft(written + 1))
    })
  }
  await append(records)
  await takeCheckpoint(store, ALICE)
  const slice = (before: number) => retainSlice(store, ALICE, { before, keepMs: 1 })
  const all = async (before: number) => {
    while ((await slice(before)) !== undefined);
  }
  const segments = () => store.query(() => segmentRecords.all())
  const stubs = async () =>
    (await segments()).map(({ first, last, removedAt }) => [first, last, removedAt !== undefined])
  const verdict = () => verifyTrail(store, ALICE.peerId)
  return { database, store, append, slice, all, segments, stubs, verdict }
}

describe('records that are older than they are kept', () => {
  it('go a slice at a time, and after each the rest verifies', async () => {
    const { slice, segments, stubs, verdict, store } = await world(10_000)
    const removed: (number | undefined)[] = []
    for (;;) {
      const report = await slice(9_000)
      if (report === undefined) break
      removed.push(report.removedUpTo)
      expect(await verdict()).toMatchObject({ ok: true, removedUpTo: report.removedUpTo })
    }
    expect(removed).toEqual([4_096, 8_192, 8_960])
    expect(await stubs()).toEqual([[1, 8_960, true]])
    const [stub] = await segments()
    expect(openSegment(stub?.note ?? '', ALICE)).toMatchObject({
      removed: { reason: 'older than audit-retention' },
    })
    const told = [...store.repositories.audit.rows()].map(({ text }) => JSON.parse(text))
    expect(told.filter(({ type }) => type === 'lifecycle').map(({ data }) => data)).toEqual([
      { event: 'audit.pruned', first: 1, last: 4_096, keepMs: 1 },
      { event: 'audit.pruned', first: 4_097, last: 8_192, keepMs: 1 },
      { event: 'audit.pruned', first: 8_193, last: 8_960, keepMs: 1 },
    ])
  })

  it('stay as long as nobody has signed for them', async () => {
    const { append, all, verdict, store } = await world(600)
    await append(600)
    await all(2_000)
    expect(await verdict()).toMatchObject({
      ok: true,
      removedUpTo: 512,
      records: 600 + 600 - 512 + 1,
    })
    await takeCheckpoint(store, ALICE)
    await all(2_000)
    expect(await verdict()).toMatchObject({ ok: true, removedUpTo: 1_024 })
  })

  it('leave one stub for each closed stretch, and its rest is closed anew', async () => {
    const { all, stubs, verdict } = await world(70_000)
    await all(40_000)
    expect(await stubs()).toEqual([
      [1, 39_936, true],
      [39_937, 65_536, false],
    ])
    expect((await verdict()).ok).toBe(true)
    await all(69_000)
    expect(await stubs()).toEqual([
      [1, 65_536, true],
      [65_537, 68_864, true],
    ])
    expect(await verdict()).toMatchObject({ ok: true, removedUpTo: 68_864 })
  })

  it.each([
    [
      'a record was changed',
      `UPDATE audit SET record = replace(record, '"n":99', '"n":98') WHERE seq = 99`,
      99,
    ],
    ['a record is missing', 'DELETE FROM audit WHERE seq = 300', 300],
    [
      'a node of the tree is another one',
      'UPDATE audit_tree SET hash = zeroblob(32) WHERE n = 1',
      1,
    ],
    ['another tree was signed', 'UPDATE audit_checkpoints SET note = (SELECT note FROM kept)', 1],
  ])('stay if %s: that is evidence', async (_, sql, seq) => {
    const { database, slice, segments } = await world(2_000)
    const other = await world(2_000, 1)
    database.exec('CREATE TABLE kept (note TEXT)')
    const { note } = await takeCheckpoint(other.store, ALICE)
    database.prepare('INSERT INTO kept VALUES (?)').run(note)
    database.exec(sql)
    const count = () => database.prepare('SELECT count(*) AS n FROM audit').get()?.['n']
    const before = count()
    const attempt = slice(2_000)
    await expect(attempt).rejects.toThrow()
    if (seq > 1) await expect(attempt).rejects.toEqual(new TrailBrokenError(seq))
    expect([count(), await segments()]).toEqual([before, []])
  })

  it('may go by hand as well, in any order, and what is left verifies', async () => {
    const steps = fc.array(
      fc.record({
        do: fc.constantFrom('append', 'sign', 'slice', 'prune'),
        by: fc.integer({ min: 1, max: 3_000 }),
      }),
      { minLength: 3, maxLength: 12 },
    )
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const { store, append, slice, verdict } = await world(3_000)
        for (const step of all) {
          if (step.do === 'append') await append(step.by)
          if (step.do === 'sign') await takeCheckpoint(store, ALICE)
          if (step.do === 'slice') await slice(step.by * 2)
          if (step.do === 'prune') {
            const order = { before: step.by * 2, dryRun: false, operator: OPERATOR }
            await pruneTrail(store, ALICE, ALICE.peerId, order)
          }
          expect(await verdict()).toMatchObject({ ok: true })
        }
      }),
      { numRuns: 6 },
    )
  })
})

describe('a listener', () => {
  it('keeps everything until it is told how long, and is told while it runs', async () => {
    const { store, verdict } = await world(1_000)
    let keepMs = 0
    const [onBroken, onFailure] = [vi.fn(), vi.fn()]
    const keeper = new RetentionKeeper({
      store,
      signer: ALICE,
      keepMs: () => keepMs,
      onBroken,
      onFailure,
    })
    onTestFinished(() => keeper.stop())
    keeper.look()
    keeper.start()
    keeper.look()
    await keeper.stop()
    expect((await verdict()).removedUpTo).toBe(0)
    keepMs = 1
    const again = new RetentionKeeper({
      store,
      signer: ALICE,
      keepMs: () => keepMs,
      onBroken,
      onFailure,
    })
    again.start()
    again.look()
    await again.stop()
    expect(await verdict()).toMatchObject({ ok: true, removedUpTo: 768 })
    expect(onFailure).not.toHaveBeenCalled()
  })

  it('alarms, and removes nothing more, if what it would remove is not what was signed', async () => {
    const { store, database, segments } = await world(1_000)
    database.exec(`UPDATE audit SET record = replace(record, '"n":9', '"n":8') WHERE seq = 9`)
    const [onBroken, onFailure] = [vi.fn(), vi.fn()]
    const keeper = new RetentionKeeper({
      store,
      signer: ALICE,
      keepMs: () => 1,
      onBroken,
      onFailure,
    })
    keeper.start()
    keeper.look()
    await keeper.stop()
    const last = JSON.parse([...store.repositories.audit.rows()].at(-1)?.text ?? '{}')
    expect(last).toMatchObject({ severity: 'alarm', data: { event: 'audit.broken', seq: 9 } })
    expect(onBroken.mock.calls).toEqual([[9]])
    expect([await segments(), onFailure.mock.calls]).toEqual([[], []])
  })
})
