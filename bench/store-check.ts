import { DatabaseSync } from 'node:sqlite'
import type { Store } from '../src/store/transaction/store.ts'
import { verifyRows } from '../test/support/audit/verify-rows.ts'

/** What is in a store after a load. */
export interface StoreCounts {
  readonly tallies: number
  /** Tallies that both sides know of. */
  readonly confirmed: number
  /** Tallies with both signatures under their receipt. */
  readonly receipted: number
  /** Sessions that did not reach COMPLETED; of those that did, old ones are pruned. */
  readonly incomplete: number
  readonly auditRecords: number
  readonly auditOk: boolean
}

const COUNTS = `SELECT
  (SELECT count(*) FROM tallies) AS tallies,
  (SELECT count(*) FROM tallies WHERE status = 'confirmed') AS confirmed,
  (SELECT count(*) FROM tallies
    WHERE inviter_signature IS NOT NULL AND invitee_signature IS NOT NULL) AS receipted,
  (SELECT count(*) FROM sessions WHERE state <> 'COMPLETED') AS incomplete`

/** Count what is committed, through a connection of its own, and walk the audit. */
export function countStore(store: Store): StoreCounts {
  const database = new DatabaseSync(store.path, { readOnly: true })
  try {
    const row = database.prepare(COUNTS).get() ?? {}
    const { ok, records } = store.read(({ audit }) => verifyRows(audit.rows()))
    const count = (name: string): number => Number(row[name])
    return {
      tallies: count('tallies'),
      confirmed: count('confirmed'),
      receipted: count('receipted'),
      incomplete: count('incomplete'),
      auditRecords: records,
      auditOk: ok,
    }
  } finally {
    database.close()
  }
}

/**
 * What is wrong with a store that has served so many bootstraps, and nothing else.
 * @param again of them were tried again, and may have left a session each that is not complete
 * @returns undefined if every one of them led to a tally of its own and the audit holds
 */
export function storeProblem(
  counts: StoreCounts,
  bootstraps: number,
  again = 0,
): string | undefined {
  const { tallies, confirmed, receipted, incomplete, auditRecords, auditOk } = counts
  if (!auditOk) return `the audit breaks after record ${auditRecords}`
  if (auditRecords < bootstraps) return `${auditRecords} audit records of ${bootstraps} bootstraps`
  if (incomplete > again) return `${incomplete} sessions that are not complete`
  const wrong = Object.entries({ tallies, confirmed, receipted }).find(
    ([, count]) => count !== bootstraps,
  )
  return wrong === undefined ? undefined : `${wrong[1]} ${wrong[0]} after ${bootstraps} bootstraps`
}
