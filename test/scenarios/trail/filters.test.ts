import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AuditDraft } from '../../../src/audit/record/record.ts'
import { pruneTrail } from '../../../src/service/trail/prune-trail.ts'
import { queryTrail, type TrailQuery } from '../../../src/service/trail/query-trail.ts'
import { takeCheckpoint } from '../../../src/service/trail/take-checkpoint.ts'
import { verifyTrail } from '../../../src/service/trail/verify-trail.ts'
import { openMemoryDatabase } from '../../../src/store/file/database.ts'
import { openRepositories } from '../../../src/store/transaction/repositories.ts'
import { Store } from '../../../src/store/transaction/store.ts'
import { signerOf } from '../../support/audit/signer.ts'

const ALICE = signerOf(1)

const tokenOf = (n: number) => `token${n}`.padEnd(16, 'a')
const peerOf = (n: number) => signerOf(n).peerId

/** One record in a thousand is about token 7, one in 500 about peer 9. */
function draft(n: number): AuditDraft {
  const tokenId = tokenOf(n % 1_000 === 700 ? 7 : n % 5)
  const peerId = peerOf(n % 500 === 499 ? 9 : 2)
  return { type: 'token', severity: 'info', at: n, monotonic: 1, tokenId, peerId, data: { n } }
}

async function world(records: number) {
  const database = openMemoryDatabase()
  const store = new Store(':memory:', database, openRepositories(database))
  onTestFinished(() => store.close())
  let written = 0
  const append = (count: number) =>
    store.write(({ audit }) => {
      for (const end = written + count; written < end; written += 1)
        audit.append(draft(written + 1))
    })
  await append(records)
  const sign = () => takeCheckpoint(store, ALICE)
  await sign()
  const found = (query: TrailQuery) => [...queryTrail(store, query)].map(({ entry }) => entry.seq)
  const filters = () =>
    Number(database.prepare('SELECT count(*) AS n FROM audit_blocks').get()?.['n'])
  const verdict = () => verifyTrail(store, ALICE.peerId)
  return { database, store, append, sign, found, filters, verdict }
}

describe('what is looked for by a whole id', () => {
  it('is found as without filters, forwards and backwards, whatever is asked beside it', async () => {
    const { database, found, append, filters } = await world(6_000)
    await append(700)
    expect(filters()).toBe(23)
    const queries: fc.Arbitrary<TrailQuery> = fc.record(
      {
        tokenId: fc.constantFrom(tokenOf(7), tokenOf(1), tokenOf(8), 'tok'),
        peerId: fc.constantFrom(peerOf(9), peerOf(2), peerOf(4), '12D3KooW'),
        limit: fc.integer({ min: 1, max: 20 }),
        since: fc.integer({ min: 0, max: 7_000 }),
      },
      { requiredKeys: [] },
    )
    const cases = fc.sample(queries, 60)
    const withFilters = cases.map((query) => found(query))
    database.exec('DELETE FROM audit_blocks')
    expect(cases.map((query) => found(query))).toEqual(withFilters)
    expect(found({ tokenId: tokenOf(7) })).toEqual([700, 1_700, 2_700, 3_700, 4_700, 5_700, 6_700])
  })

  it('is looked for only where it may be', async () => {
    const { database, found } = await world(6_000)
    // Rows of other blocks are gone: who read them would not find their way.
    database.exec('DELETE FROM audit WHERE seq > 1024 AND seq <= 1536')
    database.exec(`UPDATE audit SET record = 'nonsense "tokenId":"${tokenOf(7)}"' WHERE seq = 300`)
    expect(found({ tokenId: tokenOf(7) })).toEqual([700, 1_700, 2_700, 3_700, 4_700, 5_700])
  })

  it('is found in a log of before there were filters, and they are made with the next checkpoint', async () => {
    const { database, found, append, sign, filters, verdict } = await world(2_000)
    database.exec('DELETE FROM audit_blocks')
    expect(found({ tokenId: tokenOf(7) })).toEqual([700, 1_700])
    await append(1)
    await sign()
    expect([filters(), found({ tokenId: tokenOf(7) })]).toEqual([7, [700, 1_700]])
    expect(verdict().ok).toBe(true)
  })

  it('is found after older records were removed, with their filters', async () => {
    const { store, found, filters, verdict, append, sign } = await world(2_000)
    const operator = { user: 'alice', uid: 1 }
    await pruneTrail(store, ALICE, ALICE.peerId, { before: 1_100, dryRun: false, operator })
    expect([filters(), found({ tokenId: tokenOf(7) })]).toEqual([3, [1_700]])
    await append(1_000)
    await sign()
    // The record of the removal took a number.
    expect([filters(), found({ tokenId: tokenOf(7) })]).toEqual([7, [1_700, 2_701]])
    expect(verdict().ok).toBe(true)
  })
})

describe('a filter that hides records', () => {
  it.each([
    ['is empty', 'UPDATE audit_blocks SET filter = zeroblob(256) WHERE n = 2', 513, 768],
    [
      'is of another block',
      'UPDATE audit_blocks SET filter = (SELECT filter FROM audit_blocks WHERE n = 1) WHERE n = 2',
      513,
      768,
    ],
    [
      'is of a block that is not complete',
      'INSERT INTO audit_blocks VALUES (7, zeroblob(256))',
      1_793,
      undefined,
    ],
  ])('is found by `audit verify`: it %s', async (_, sql, seq, upTo) => {
    const { database, verdict } = await world(2_000)
    expect(verdict().ok).toBe(true)
    database.exec(sql)
    expect(verdict()).toMatchObject({ ok: false, firstBad: { seq, problem: 'hidden' } })
    expect(verdict().firstBad?.upTo).toBe(upTo)
  })
})
