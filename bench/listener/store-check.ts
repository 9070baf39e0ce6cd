import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { openStore } from '../../src/store/transaction/store.ts'
import { verifyRows } from '../../test/support/audit/verify-rows.ts'

/** The content of a store after a load. */
export const storeCountsSchema = z.object({
  tallies: z.number(),
  /** Tallies that both sides know of. */
  confirmed: z.number(),
  /** Tallies with both signatures under their receipt. */
  receipted: z.number(),
  /** Sessions that did not reach COMPLETED; of those that did, old ones are pruned. */
  incomplete: z.number(),
  auditRecords: z.number(),
  auditOk: z.boolean(),
})

export type StoreCounts = z.infer<typeof storeCountsSchema>

const COUNTS = `SELECT
  (SELECT count(*) FROM tallies) AS tallies,
  (SELECT count(*) FROM tallies WHERE status = 'confirmed') AS confirmed,
  (SELECT count(*) FROM tallies
    WHERE inviter_signature IS NOT NULL AND invitee_signature IS NOT NULL) AS receipted,
  (SELECT count(*) FROM sessions WHERE state <> 'COMPLETED') AS incomplete`

/** Counts what is committed, through a connection of its own, and walks the audit. */
export function countStore({ path }: { readonly path: string }): StoreCounts {
  const database = new DatabaseSync(path, { readOnly: true })
  const store = openStore(path)
  try {
    const counts = database.prepare(COUNTS).get()
    const { ok, records } = store.read(({ audit }) => verifyRows(audit.rows()))
    return storeCountsSchema.parse({ ...counts, auditRecords: records, auditOk: ok })
  } finally {
    store.close()
    database.close()
  }
}

/**
 * Looks for a problem in a store that has served so many bootstraps, and nothing else.
 * @param again of them were tried again, and may have left a session each that is not complete
 * @returns undefined if every one of them led to a tally of its own and the audit holds
 */
export function storeProblem(
  { auditRecords, auditOk, incomplete, tallies, confirmed, receipted }: StoreCounts,
  bootstraps: number,
  again = 0,
): string | undefined {
  if (!auditOk) return `the audit breaks after record ${auditRecords}`
  if (auditRecords < bootstraps) return `${auditRecords} audit records of ${bootstraps} bootstraps`
  if (incomplete > again) return `${incomplete} sessions that are not complete`
  const wrong = Object.entries({ tallies, confirmed, receipted }).find(
    ([, count]) => count !== bootstraps,
  )
  return wrong === undefined ? undefined : `${wrong[1]} ${wrong[0]} after ${bootstraps} bootstraps`
}
