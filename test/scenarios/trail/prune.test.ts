import { describe, expect, it, onTestFinished } from 'vitest'
import { openSegment, signSegment } from '../../../src/audit/checkpoint/segment-note.ts'
import type { AuditDraft } from '../../../src/audit/record/record.ts'
import { pruneTrail } from '../../../src/service/trail/prune-trail.ts'
import { takeCheckpoint } from '../../../src/service/trail/take-checkpoint.ts'
import { verifyTrail } from '../../../src/service/trail/verify-trail.ts'
import { segmentRecords } from '../../../src/store/audit/segment-records.ts'
import { openMemoryDatabase } from '../../../src/store/file/database.ts'
import { Store } from '../../../src/store/transaction/store.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'
import { signerOf } from '../../support/audit/signer.ts'

const ALICE = signerOf(1)
const OPERATOR = { user: 'alice', uid: 1_000, reason: 'older than a year' }

function draft(n: number): AuditDraft {
  return {
    type: 'state',
    severity: 'info',
    at: n,
    monotonic: n,
    sessionId: `session-${n % 7}`,
    data: { n },
  }
}

/** Records written at 1, 2, 3… */
async function world(records: number) {
  const database = openMemoryDatabase()
  const store = new Store(':memory:', database, new Repositories(database))
  onTestFinished(() => store.close())
  const append = (from: number, to: number) =>
    store.write(({ audit }) => {
      for (let n = from; n <= to; n += 1) audit.append(draft(n))
    })
  await append(1, records)
  const prune = (before: number, dryRun = false) =>
    pruneTrail(store, ALICE, ALICE.peerId, { before, dryRun, operator: OPERATOR })
  return { database, store, append, prune }
}

describe('after the oldest records were removed', () => {
  it('the rest verifies, also against checkpoints of before and of after', async () => {
    const { store, prune, append } = await world(1_500)
    const { note: old } = await takeCheckpoint(store, ALICE)
    expect(await prune(1_000)).toEqual({ removed: 768, removedUpTo: 768 })
    const verdict = await verifyTrail(store, ALICE.peerId, [old])
    expect(verdict).toMatchObject({ ok: true, records: 733, removedUpTo: 768, provenUpTo: 1_500 })
    await append(1_501, 3_000)
    const { note: later } = await takeCheckpoint(store, ALICE)
    expect(await prune(2_600)).toEqual({ removed: 1_792, removedUpTo: 2_560 })
    expect(await verifyTrail(store, ALICE.peerId, [later, later])).toMatchObject({
      ok: true,
      removedUpTo: 2_560,
    })
    // What was signed inside the stretch that is gone can't be held against anything any more.
    expect(await verifyTrail(store, ALICE.peerId, [old])).toMatchObject({
      ok: true,
      provenUpTo: null,
    })
  })

  it('a signed stub says which, and why, and so does a record', async () => {
    const { store, prune } = await world(600)
    await prune(600)
    const [segment, ...others] = await store.query(() => segmentRecords.all())
    expect(others).toEqual([])
    expect(openSegment(segment?.note ?? '', ALICE)).toMatchObject({
      first: 1,
      last: 512,
      removed: { reason: 'older than a year' },
    })
    const last = [...store.repositories.audit.rows()].at(-1)?.text ?? ''
    expect(JSON.parse(last)).toMatchObject({
      type: 'operator',
      data: { command: 'audit prune', first: 1, last: 512, user: 'alice' },
    })
  })

  it('a session is still found by its id, and goes on in the same process', async () => {
    const { store, prune, append } = await world(600)
    await prune(600)
    await append(601, 640)
    const seqs = store.repositories.audit.ofSession('session-3').map(({ seq }) => seq)
    const kept = [...store.repositories.audit.rows()]
      .filter(({ text }) => JSON.parse(text).sessionId === 'session-3')
      .map(({ seq }) => seq)
    expect(seqs).toEqual(kept)
    expect(seqs.length).toBeGreaterThan(10)
    expect(await verifyTrail(store, ALICE.peerId)).toMatchObject({ ok: true, removedUpTo: 512 })
  })

  it.each([
    ['its stub is gone', 'DELETE FROM audit_segments', { seq: 1, problem: 'missing' }],
    [
      'its stub was changed',
      `UPDATE audit_segments SET note = replace(note, 'older', 'newer')`,
      { seq: 1, problem: 'foreign_key' },
    ],
    [
      'the tree under it is gone',
      'DELETE FROM audit_tree WHERE n = 1',
      { seq: 1, problem: 'tree_mismatch' },
    ],
    [
      'more is gone than it says',
      'DELETE FROM audit WHERE seq < 600',
      { seq: 513, problem: 'missing' },
    ],
  ])('it is found out that %s', async (_what, sql, fault) => {
    const { database, store, prune } = await world(700)
    await prune(700)
    database.exec(sql)
    const { ok, firstBad } = await verifyTrail(store, ALICE.peerId)
    expect({ ok, firstBad }).toMatchObject({ ok: false, firstBad: fault })
  })
})

it('a stub that does not go on from the one before is found out, even if this node signed it', async () => {
  const { database, store, prune } = await world(1_500)
  await prune(300)
  await prune(1_000)
  const [, second] = await store.query(() => segmentRecords.all())
  const segment = openSegment(second?.note ?? '', ALICE)
  const note = signSegment({ ...segment, previous: new Uint8Array(32).fill(9) }, ALICE)
  database.prepare('UPDATE audit_segments SET note = ? WHERE last = ?').run(note, segment.last)
  expect(await verifyTrail(store, ALICE.peerId)).toMatchObject({
    ok: false,
    firstBad: { seq: segment.first, problem: 'hash_mismatch' },
  })
})

describe('nothing is removed', () => {
  it('that is too young, less than a block, or the last record', async () => {
    const { prune } = await world(512)
    expect(await prune(200)).toEqual({ removed: 0, removedUpTo: 0 })
    expect(await prune(9_999)).toEqual({ removed: 256, removedUpTo: 256 })
  })

  it('when it is only looked at', async () => {
    const { store, prune } = await world(600)
    expect(await prune(9_999, true)).toEqual({ removed: 512, removedUpTo: 512 })
    expect(await verifyTrail(store, ALICE.peerId)).toMatchObject({ removedUpTo: 0, records: 600 })
  })

  it('of a trail that does not verify', async () => {
    const { database, store, prune } = await world(600)
    await takeCheckpoint(store, ALICE)
    database.exec('UPDATE audit SET hash = zeroblob(32) WHERE seq = 5')
    await expect(prune(600)).rejects.toMatchObject({ code: 'trail_unsound' })
    expect([...store.repositories.audit.rows()]).toHaveLength(600)
  })
})

it('a full segment is closed by itself, and removed as a whole', async () => {
  const { store, prune } = await world(66_000)
  await takeCheckpoint(store, ALICE)
  expect(await store.query(() => segmentRecords.all())).toMatchObject([{ first: 1, last: 65_536 }])
  expect(await verifyTrail(store, ALICE.peerId)).toMatchObject({ ok: true, records: 66_000 })
  expect(await prune(60_000)).toMatchObject({ removed: 0 })
  expect(await prune(65_900)).toEqual({ removed: 65_792, removedUpTo: 65_792 })
  expect(await store.query(() => segmentRecords.all())).toMatchObject([
    { first: 1, last: 65_536, removedAt: expect.any(Number) },
    { first: 65_537, last: 65_792, removedAt: expect.any(Number) },
  ])
  expect(await verifyTrail(store, ALICE.peerId)).toMatchObject({ ok: true, removedUpTo: 65_792 })
})
