import { describe, expect, it, onTestFinished } from 'vitest'
import { buildDraft } from '../../../src/protocol/draft/draft.ts'
import { editTally } from '../../../src/service/tallies/edit-tally.ts'
import { readTally, type TallyRecord } from '../../../src/service/tallies/read-tally.ts'
import { verifyTrail } from '../../../src/service/trail/verify-trail.ts'
import { tallyChunkRecords } from '../../../src/store/records/tally-chunk-records.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import { automergeDatabase } from '../../../src/tally/automerge-database.ts'
import { signerOf } from '../../support/audit/signer.ts'

const TALLY = 'mf3w7a2m4q5r6s7t2u3v4w5x6y'
const DRAFT = buildDraft({
  tallyId: TALLY,
  createdAt: 1_700_000_000_000,
  createdBy: 'stock',
  stock: { partyId: 'alice', identity: { name: 'Alice' }, cadre: [] },
  foil: { partyId: 'bob', identity: {}, cadre: [] },
  terms: { z: 1, a: 'lunch' },
})

function recordFor(role: 'stock' | 'foil'): TallyRecord {
  return {
    tallyId: TALLY,
    role,
    partner: { peerId: role === 'stock' ? 'bob' : 'alice', identity: {} },
    built: {
      tally: { tallyId: TALLY, createdBy: 'stock' },
      database: automergeDatabase(TALLY),
      draft: DRAFT,
    },
    status: 'confirmed',
    redemptionId: 'r',
    createdAt: 1_700_000_000_000,
  }
}

async function sideWith(tally: TallyRecord): Promise<Store> {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  await store.write(({ tallies }) => tallies.insert(tally))
  return store
}

const edit = { at: 1_700_000_001_000 }
const SIGNER = signerOf(1)

describe('a tally', () => {
  it('reads the same on both sides, byte by byte, with sorted names', async () => {
    const [stock, foil] = [recordFor('stock'), recordFor('foil')]
    const texts = await Promise.all(
      [stock, foil].map(async (tally) =>
        JSON.stringify(await readTally(await sideWith(tally), tally)),
      ),
    )
    expect(texts[0]).toBe(texts[1])
    expect(texts[0]).toBe(`{"draft":${DRAFT.text}}`)
  })

  it('is not written by reading it', async () => {
    const tally = recordFor('stock')
    const store = await sideWith(tally)
    await readTally(store, tally)
    expect(await store.query(() => tallyChunkRecords.all(TALLY))).toEqual([])
  })

  it('holds what was set, after it was opened again', async () => {
    const tally = recordFor('stock')
    const store = await sideWith(tally)
    await editTally(store, tally, { ...edit, key: 'note', value: 'lunch' }, SIGNER)
    await editTally(store, tally, { ...edit, key: 'limit', value: { of: 250 } }, SIGNER)
    expect(await readTally(store, tally)).toEqual({
      draft: JSON.parse(DRAFT.text),
      limit: { of: 250 },
      note: 'lunch',
    })
    expect(await verifyTrail(store, signerOf(1).peerId)).toMatchObject({ ok: true, records: 2 })
  })

  it('keeps its draft, and nothing is recorded of the attempt', async () => {
    const tally = recordFor('stock')
    const store = await sideWith(tally)
    await expect(
      editTally(store, tally, { ...edit, key: 'draft', value: 1 }, SIGNER),
    ).rejects.toMatchObject({
      code: 'draft_overwritten',
    })
    expect((await verifyTrail(store, signerOf(1).peerId)).records).toBe(0)
  })

  it('whose document is damaged is told so, and not replaced', async () => {
    const tally = recordFor('stock')
    const store = await sideWith(tally)
    await store.transact(() =>
      tallyChunkRecords.add(TALLY, { added: [Uint8Array.of(1, 2, 3)], isFolded: false }),
    )
    await expect(readTally(store, tally)).rejects.toMatchObject({ code: 'tally_document_damaged' })
    expect(await store.query(() => tallyChunkRecords.all(TALLY))).toHaveLength(1)
  })

  it('kept by another engine shows its draft', async () => {
    const base = recordFor('stock')
    const database = { engine: 'postgres', endpoint: 'x', credentialsRef: 'y' }
    const tally = { ...base, built: { ...base.built, database } }
    expect(await readTally(await sideWith(tally), tally)).toEqual({ draft: JSON.parse(DRAFT.text) })
  })
})
