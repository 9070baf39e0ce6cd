import { expect, it, onTestFinished } from 'vitest'
import { findKeptTally, findTally } from '../../../src/cli/tally/find-tally.ts'
import { buildDraft } from '../../../src/protocol/draft/draft.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'

const TALLY = 'mf3w7a2m4q5r6s7t2u3v4w5x6y'
const DRAFT = buildDraft({
  tallyId: TALLY,
  createdAt: 1_700_000_000_000,
  createdBy: 'stock',
  stock: { partyId: 'alice', identity: {}, cadre: [] },
  foil: { partyId: 'bob', identity: {}, cadre: [] },
  terms: null,
})

it('a tally in PostgreSQL has no document here to sync, or to tell the history of', async () => {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  await store.write(({ tallies }) =>
    tallies.insert({
      tallyId: TALLY,
      role: 'stock',
      partner: { peerId: 'bob', identity: {} },
      built: {
        tally: { tallyId: TALLY, createdBy: 'stock' },
        database: {
          engine: 'postgres',
          endpoint: 'postgres://127.0.0.1:5432/tallies',
          credentialsRef: 'role',
        },
        draft: DRAFT,
      },
      status: 'confirmed',
      redemptionId: 'r',
      createdAt: 1_700_000_000_000,
    }),
  )
  expect((await findTally(store, TALLY)).tallyId).toBe(TALLY)
  await expect(findKeptTally(store, TALLY)).rejects.toThrow(
    expect.objectContaining({ code: 'lives_in_postgres' }),
  )
})
