import { buildDraft } from '../../src/protocol/draft/draft.ts'
import type { TallyRecord } from '../../src/service/tallies/read-tally.ts'
import { automergeDatabase } from '../../src/tally/automerge-database.ts'

const TALLIES = 1_000
export const EDITED = 100

/** Ids of the tallies, in order. */
export const TALLY_IDS = Array.from(
  { length: TALLIES },
  (_, nth) => `bench${String(nth).padStart(21, '0')}`,
)

/** The text of the draft of one of them. */
export function draftTextOf(tallyId: string, stock: string, foil: string) {
  return buildDraft({
    tallyId,
    createdAt: 1_700_000_000_000,
    createdBy: 'stock',
    stock: { partyId: stock, identity: { name: 'Alice' }, cadre: [] },
    foil: { partyId: foil, identity: { name: 'Bob' }, cadre: [] },
    terms: {},
  })
}

/** One of them, as the party of this half has it. */
export function benchTally(
  tallyId: string,
  role: TallyRecord['role'],
  { stock, foil }: { readonly stock: string; readonly foil: string },
): TallyRecord {
  const draft = draftTextOf(tallyId, stock, foil)
  return {
    tallyId,
    role,
    partner: { peerId: role === 'stock' ? foil : stock, identity: {} },
    built: { tally: { tallyId, createdBy: 'stock' }, database: automergeDatabase(tallyId), draft },
    status: 'confirmed',
    redemptionId: `r-${tallyId}`,
    createdAt: 1_700_000_000_000,
  }
}
