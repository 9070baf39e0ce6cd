import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AuditDraft } from '../../../src/audit/record/record.ts'
import { pruneTrail } from '../../../src/service/trail/prune-trail.ts'
import type { TrailQuery } from '../../../src/service/trail/query-trail.ts'
import { takeCheckpoint } from '../../../src/service/trail/take-checkpoint.ts'
import { verifyTrail } from '../../../src/service/trail/verify-trail.ts'
import { openMemoryDatabase } from '../../../src/store/file/database.ts'
import { Store } from '../../../src/store/transaction/store.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'
import { signerOf } from '../../support/audit/signer.ts'
import { foundSeqs } from '../../support/trail/found-seqs.ts'

const ALICE = signerOf(1)

const tokenOf = (n: number) => `token${n}`.padEnd(16, 'a')
const PEERS = Array.from({ length: 10 }, (_, n) => signerOf(n).peerId)
const peerOf = (n: number) => PEERS[n] ?? ''

/** One record in a thousand is about token 7, one in 500 about peer 9. Most are of a session, which may name several. */
function draft(n: number): AuditDraft {
  const tokenId = tokenOf(n % 1_000 === 700 ? 7 : n % 5)
  const peerId = peerOf(n % 500 === 499 ? 9 : 2)
  const session = n % 7 === 0 ? {} : { sessionId: `session-${Math.floor(n / 20)}` }
  const base = { type: 'token', severity: 'info', at: n, monotonic: 1 } as const
  return { ...base, ...session, tokenId, peerId, data: { n } }
}

async function world(records: number) {
  const database = openMemoryDatabase()
  const store = new Store(':memory:', database, new Repositories(database))
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
  const found = (query: TrailQuery) => foundSeqs(store, query)
  const verdict = () => verifyTrail(store, ALICE.peerId)
  return { database, store, append, sign, found, verdict }
}

/** By reading all of them. */
function wanted({ tokenId, peerId, limit, since }: TrailQuery, records: number): number[] {
  const all = Array.from({ length: records }, (_, n) => draft(n + 1)).filter(
    (each) =>
      (tokenId === undefined || each.tokenId?.startsWith(tokenId) === true) &&
      (peerId === undefined || each.peerId?.startsWith(peerId) === true) &&
      (since === undefined || each.at >= since),
  )
  return all.slice(limit === undefined ? 0 : -limit).map(({ at }) => at)
}

describe('what is looked for by a whole id', () => {
  it('is found as by reading all, forwards and backwards, whatever is asked beside it', async () => {
    const { found, verdict } = await world(6_700)
    const queries: fc.Arbitrary<TrailQuery> = fc.record(
      {
        tokenId: fc.constantFrom(tokenOf(7), tokenOf(1), tokenOf(8), 'tok'),
        peerId: fc.constantFrom(peerOf(9), peerOf(2), peerOf(4), '12D3KooW'),
        limit: fc.integer({ min: 1, max: 20 }),
        since: fc.integer({ min: 0, max: 7_000 }),
      },
      { requiredKeys: [] },
    )
    for (const query of fc.sample(queries, 60))
      expect(await found(query)).toEqual(wanted(query, 6_700))
    expect(await found({ tokenId: tokenOf(7) })).toEqual([
      700, 1_700, 2_700, 3_700, 4_700, 5_700, 6_700,
    ])
    expect((await verdict()).ok).toBe(true)
  })

  it('is looked for only where it may be', async () => {
    const { database, found } = await world(6_000)
    // Whoever read this row would not find its way.
    database.exec(`UPDATE audit SET record = 'nonsense "tokenId":"${tokenOf(7)}"' WHERE seq = 301`)
    expect(await found({ tokenId: tokenOf(7) })).toEqual([700, 1_700, 2_700, 3_700, 4_700, 5_700])
  })

  it('is found where more threads name it than are looked up one by one', async () => {
    const { store, found } = await world(0)
    await store.write(({ audit }) => {
      for (let n = 1; n <= 1_500; n += 1) {
        audit.append({ ...draft(n), sessionId: `own-${n}`, tokenId: tokenOf(3) })
      }
    })
    expect(await found({ tokenId: tokenOf(3) })).toHaveLength(1_500)
    expect(await found({ tokenId: tokenOf(3), limit: 2 })).toEqual([1_499, 1_500])
  })

  it('is found after older records were removed', async () => {
    const { store, found, verdict, append, sign } = await world(2_000)
    const operator = { user: 'alice', uid: 1 }
    await pruneTrail(store, ALICE, ALICE.peerId, { before: 1_100, dryRun: false, operator })
    expect(await found({ tokenId: tokenOf(7) })).toEqual([1_700])
    await append(1_000)
    await sign()
    // The record of the removal took a number.
    expect(await found({ tokenId: tokenOf(7) })).toEqual([1_700, 2_701])
    expect((await verdict()).ok).toBe(true)
  })
})
