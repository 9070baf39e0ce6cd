import { readTally } from '../../../src/service/tallies/read-tally.ts'
import type { Store } from '../../../src/store/store.ts'

/** What both sides must have alike. */
const COMMON = ['tallyId', 'draft', 'createdBy', 'document'] as const

/** I2 and I4: the same tally on both sides, and nobody was told of another one. */
export function tallyComplaints(alice: Store, bob: Store, completed: readonly string[]): string[] {
  const [hers, his] = [tallyOf(alice), tallyOf(bob)]
  const complaints = COMMON.filter((name) => hers[name] !== his[name]).map(
    (name) => `I4: ${name} is ${hers[name]} with Alice and ${his[name]} with Bob`,
  )
  if (hers.role === his.role) complaints.push('I4: both have the same half')
  for (const [name, { status }] of [['Alice', hers] as const, ['Bob', his] as const])
    if (status !== 'confirmed') complaints.push(`I4: ${name} has the tally as ${status}`)
  for (const tallyId of new Set(completed))
    if (tallyId !== hers.tallyId) complaints.push(`I4: Bob was told of ${tallyId}, which is not`)
  return complaints
}

function tallyOf(store: Store) {
  const [tally] = store.books.tallies.list(2)
  if (tally === undefined) return { tallyId: 'none' }
  const { tallyId, role, status, built } = tally
  const document = JSON.stringify(readTally(store, tally))
  const { createdBy } = built.tally
  return { tallyId, role, status, createdBy, draft: built.draft.sha256, document }
}
