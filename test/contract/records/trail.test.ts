import { expect, it } from 'vitest'
import { signCheckpoint } from '../../../src/audit/checkpoint/checkpoint.ts'
import { openSegment, signSegment } from '../../../src/audit/checkpoint/segment-note.ts'
import type { AuditDraft } from '../../../src/audit/record/record.ts'
import { auditEntry } from '../../../src/service/trail/audit-entry.ts'
import { holdToSigned } from '../../../src/service/trail/hold-to-signed.ts'
import { sealSegment } from '../../../src/service/trail/seal-segments.ts'
import { trailProof, walkTrail } from '../../../src/service/trail/verify-trail.ts'
import { auditRecords } from '../../../src/store/audit/audit-records.ts'
import { auditRemoval } from '../../../src/store/audit/audit-removal.ts'
import { type AuditFilter, auditSearch } from '../../../src/store/audit/audit-search.ts'
import { auditTree } from '../../../src/store/audit/audit-tree.ts'
import { auditWalk } from '../../../src/store/audit/audit-walk.ts'
import { checkpointRecords } from '../../../src/store/audit/checkpoint-records.ts'
import { segmentRecords } from '../../../src/store/audit/segment-records.ts'
import { appendAudit, change, type Query } from '../../../src/store/query/query.ts'
import { signerOf } from '../../support/audit/signer.ts'
import { type Ask, onEachEngine } from './on-each-engine.ts'

const ALICE = signerOf(1)
const TOKEN = 'abcdefghijklmnop'
const [RECORDS, REMOVED, NOW] = [600, 512, 1_780_000_000_000]

/** Every third is of session 1 and names a token, the others are of session 2; one second after the other. */
function draft(seq: number): AuditDraft {
  const isFirst = seq % 3 === 0
  return {
    type: isFirst ? 'token' : 'state',
    severity: seq % 100 === 0 ? 'warning' : 'info',
    at: NOW + 1_000 * seq,
    monotonic: seq / 8,
    sessionId: isFirst ? 'session-1' : 'session-2',
    ...(isFirst ? { tokenId: TOKEN } : {}),
    peerId: isFirst ? ALICE.peerId : signerOf(2).peerId,
    data: { seq, text: '\'ä\u{1f600}"' },
  }
}

/** Some at a time: a server gives up a transaction in which nothing comes for seconds. */
async function append(ask: Ask, from: number, to: number): Promise<void> {
  for (let seq = from; seq <= to; seq += 100) {
    await ask(function* () {
      for (let next = seq; next < seq + 100 && next <= to; next += 1)
        yield* appendAudit(draft(next))
    })
  }
}

function* sign(): Query<void> {
  yield* holdToSigned(ALICE)
  const size = yield* auditRecords.lastSeq()
  while (!(yield* auditTree.grow(size, 1)));
  const note = signCheckpoint({ size, root: yield* auditTree.root(size) }, ALICE)
  yield* checkpointRecords.keep({ size, at: NOW, note })
}

const verdict = () => walkTrail(trailProof(ALICE.peerId, []))

onEachEngine('the audit', (ask) => {
  it('is read by numbers, sessions and conditions', async () => {
    expect(await ask(() => auditRecords.lastSeq())).toBe(0)
    await append(ask, 1, RECORDS)
    expect(await ask(() => auditRecords.lastSeq())).toBe(RECORDS)
    const rows = await ask(() => auditRecords.after(590))
    expect(rows.map(auditEntry)).toMatchObject(
      Array.from({ length: 10 }, (_, n) => ({ ...draft(591 + n), seq: 591 + n })),
    )
    expect(await ask(() => auditRecords.ofSession('session-1'))).toHaveLength(200)
    const started = await ask(() => auditRecords.sessionsStartingWith('session-'))
    expect([...started].sort()).toEqual(['session-1', 'session-2'])
    expect(await ask(() => auditRecords.sessionsStartingWith('session-3'))).toEqual([])
    const found = async (filter: AuditFilter) =>
      (await ask(() => auditSearch.after(filter, 0, RECORDS))).map(({ seq }) => seq)
    expect(await found({ severities: ['warning', 'alarm'] })).toEqual([
      100, 200, 300, 400, 500, 600,
    ])
    expect(await found({ severities: [] })).toEqual([])
    expect(await found({ tokenId: TOKEN, until: NOW + 7_000 })).toEqual([3, 6])
    expect(await found({ tokenId: 'abc', since: NOW + 595_000 })).toEqual([597, 600])
    expect(await found({ peerId: ALICE.peerId, since: NOW + 598_000 })).toEqual([600])
    expect(await found({ sessionId: 'session-2', since: NOW + 598_000 })).toEqual([598, 599])
    expect(await found({ types: ['state'], since: 7, until: 9_999_999_999_999 })).toHaveLength(100)
    const longAgo = Date.UTC(1_900, 0)
    expect(await found({ types: ['token'], since: longAgo })).toHaveLength(100)
    expect(await found({ until: longAgo })).toEqual([])
    const [newest] = await ask(() => auditSearch.before({ types: ['state'] }, RECORDS))
    expect(newest).toMatchObject({ seq: 599, hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
    const links = await ask(() => auditWalk.links([1, 300, RECORDS, 9_999]))
    expect(
      links.map(({ seq, previous, next }) => [seq, previous?.length, next?.hash.length]),
    ).toEqual(
      expect.arrayContaining([
        [1, undefined, 32],
        [300, 32, 32],
        [RECORDS, 32, undefined],
      ]),
    )
  })

  it('is signed, verified, and removed up to a stub that is signed for it', async () => {
    await append(ask, 1, RECORDS)
    await ask(sign)
    await ask(sign)
    expect(await ask(() => checkpointRecords.all())).toMatchObject([{ size: RECORDS, at: NOW }])
    expect(await ask(verdict)).toMatchObject({ ok: true, records: RECORDS, signedUpTo: RECORDS })
    await ask(() => sealSegment(ALICE, 1, REMOVED, NOW))
    expect(await ask(() => segmentRecords.sealedUpTo())).toBe(REMOVED)
    expect(await ask(() => auditRemoval.writtenAt(7))).toBe(NOW + 7_000)
    await ask(function* () {
      const [{ note, ...segment } = { first: 0, last: 0, note: '' }] = yield* segmentRecords.all()
      const removed = { at: NOW, reason: 'old' }
      const stub = signSegment({ ...openSegment(note, ALICE), removed }, ALICE)
      yield* segmentRecords.put({ ...segment, removedAt: NOW, note: stub })
      yield* auditRemoval.upTo(REMOVED)
    })
    expect(await ask(() => auditRemoval.writtenAt(7))).toBeUndefined()
    const rest = { ok: true, records: RECORDS - REMOVED, removedUpTo: REMOVED }
    expect(await ask(verdict)).toMatchObject(rest)
    expect(await ask(() => auditRecords.ofSession('session-1'))).toHaveLength(30)
    await append(ask, RECORDS + 1, RECORDS + 3)
    await ask(sign)
    expect(await ask(verdict)).toMatchObject({ ...rest, records: RECORDS - REMOVED + 3 })
  })

  it('that was changed is found broken at that record', async () => {
    await append(ask, 1, 20)
    await ask(() =>
      change("UPDATE audit SET record = replace(record, 'info', 'alarm') WHERE seq = 7"),
    )
    expect(await ask(verdict)).toMatchObject({
      ok: false,
      records: 6,
      firstBad: { seq: 7, problem: 'hash_mismatch' },
    })
  })
})
