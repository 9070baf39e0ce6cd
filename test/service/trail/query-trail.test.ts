import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { AUDIT_SEVERITIES, AUDIT_TYPES, type AuditDraft } from '../../../src/audit/record/record.ts'
import { queryTrail, type TrailQuery } from '../../../src/service/trail/query-trail.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import { foundSeqs } from '../../support/trail/found-seqs.ts'

const ids = fc.constantFrom('aa1', 'aa2', 'ab1', 'b', 'ba1')
const at = fc.integer({ min: 0, max: 30 })

const drafts: fc.Arbitrary<AuditDraft> = fc.record(
  {
    type: fc.constantFrom(...AUDIT_TYPES),
    severity: fc.constantFrom(...AUDIT_SEVERITIES),
    at,
    monotonic: fc.constant(1),
    // What is looked for may stand in the data as well.
    data: fc.constantFrom(
      {},
      { tokenId: 'aa1', peerId: 'ba1', type: 'token', severity: 'alarm' },
      { note: '"tokenId":"aa1","severity":"alarm"' },
    ),
    sessionId: ids,
    tokenId: ids,
    peerId: ids,
  },
  { requiredKeys: ['type', 'severity', 'at', 'monotonic', 'data'] },
)

const queries: fc.Arbitrary<TrailQuery> = fc.record(
  {
    sessionId: ids,
    tokenId: fc.constantFrom('a', 'aa', 'aa1', 'b', 'x'),
    peerId: fc.constantFrom('a', '1', 'a1', 'ba1', 'x'),
    types: fc.subarray([...AUDIT_TYPES]),
    severities: fc.subarray([...AUDIT_SEVERITIES]),
    since: at,
    until: at,
    limit: fc.integer({ min: 1, max: 12 }),
  },
  { requiredKeys: [] },
)

/** The same by looking at every record. */
function wanted(all: readonly AuditDraft[], query: TrailQuery): readonly number[] {
  const { sessionId, tokenId, peerId, types, severities, since, until, limit } = query
  const found = all.flatMap((draft, index) => {
    const isWanted =
      (sessionId === undefined || draft.sessionId === sessionId) &&
      (tokenId === undefined || (draft.tokenId ?? '').startsWith(tokenId)) &&
      (peerId === undefined ||
        (draft.peerId ?? '').startsWith(peerId) ||
        (draft.peerId ?? '').endsWith(peerId)) &&
      (types === undefined || types.includes(draft.type)) &&
      (severities === undefined || severities.includes(draft.severity)) &&
      (since === undefined || draft.at >= since) &&
      (until === undefined || draft.at < until)
    return isWanted ? [index + 1] : []
  })
  return limit === undefined ? found : found.slice(-limit)
}

async function storeWith(all: readonly AuditDraft[]): Promise<Store> {
  const store = openMemoryStore()
  await store.write(({ audit }) => {
    for (const draft of all) audit.append(draft)
  })
  return store
}

it('a query finds what looking at every record finds', async () => {
  const property = fc.asyncProperty(
    fc.array(drafts, { maxLength: 60 }),
    fc.array(queries, { minLength: 1, maxLength: 8 }),
    async (all, asked) => {
      const store = await storeWith(all)
      try {
        for (const query of asked) expect(await foundSeqs(store, query)).toEqual(wanted(all, query))
      } finally {
        store.close()
      }
    },
  )
  await fc.assert(property, { numRuns: 150 })
})

const plain = (n: number): AuditDraft => ({
  type: n % 400 === 0 ? 'security' : 'state',
  severity: 'info',
  at: n,
  monotonic: n,
  data: {},
})

it('more records than are read at a time come once each, in order', async () => {
  const count = 1_730
  const store = await storeWith(Array.from({ length: count }, (_, n) => plain(n)))
  onTestFinished(() => store.close())
  expect(await foundSeqs(store, {})).toEqual(Array.from({ length: count }, (_, n) => n + 1))
  expect(await foundSeqs(store, { types: ['security'] })).toEqual([1, 401, 801, 1_201, 1_601])
  expect(await foundSeqs(store, { types: ['security'], limit: 2 })).toEqual([1_201, 1_601])
  expect(await foundSeqs(store, { limit: 700 })).toEqual(
    Array.from({ length: 700 }, (_, n) => n + 1_031),
  )
})

it('what is written meanwhile does not keep a query from ending', async () => {
  const store = await storeWith(Array.from({ length: 600 }, (_, n) => plain(n)))
  onTestFinished(() => store.close())
  let count = 0
  for await (const _ of queryTrail(store, {})) {
    count += 1
    await store.write(({ audit }) => audit.append(plain(count)))
  }
  expect(count).toBe(600)
})
