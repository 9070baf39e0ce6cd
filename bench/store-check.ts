import { DatabaseSync } from 'node:sqlite'
import { verifyChain } from '../src/audit/verify.ts'
import type { Store } from '../src/store/store.ts'

/** What is in a store after a load. */
export interface StoreCounts {
  readonly tallies: number
  /** Tallies that both sides know of. */
  readonly confirmed: number
  readonly sessions: number
  /** Sessions that reached COMPLETED. */
  readonly completed: number
  readonly auditRecords: number
  readonly auditOk: boolean
}

const COUNTS = `SELECT
  (SELECT count(*) FROM tallies) AS tallies,
  (SELECT count(*) FROM tallies WHERE status = 'confirmed') AS confirmed,
  (SELECT count(*) FROM sessions) AS sessions,
  (SELECT count(*) FROM sessions WHERE state = 'COMPLETED') AS completed`

/** Count what is committed, through a connection of its own, and walk the audit. */
export function countStore(store: Store): StoreCounts {
  const database = new DatabaseSync(store.path, { readOnly: true })
  try {
    const row = database.prepare(COUNTS).get() ?? {}
    const { ok, records } = store.read(({ audit }) => verifyChain(audit.rows()))
    const count = (name: string): number => Number(row[name])
    return {
      tallies: count('tallies'),
      confirmed: count('confirmed'),
      sessions: count('sessions'),
      completed: count('completed'),
      auditRecords: records,
      auditOk: ok,
    }
  } finally {
    database.close()
  }
}

/**
 * What is wrong with a store that has served so many bootstraps, and nothing else.
 * @returns undefined if every one of them led to a tally of its own and the audit holds
 */
export function storeProblem(counts: StoreCounts, bootstraps: number): string | undefined {
  const { tallies, confirmed, sessions, completed, auditRecords, auditOk } = counts
  if (!auditOk) return `the audit breaks after record ${auditRecords}`
  if (auditRecords < bootstraps) return `${auditRecords} audit records of ${bootstraps} bootstraps`
  const wrong = Object.entries({ tallies, confirmed, sessions, completed }).find(
    ([, count]) => count !== bootstraps,
  )
  return wrong === undefined ? undefined : `${wrong[1]} ${wrong[0]} after ${bootstraps} bootstraps`
}
