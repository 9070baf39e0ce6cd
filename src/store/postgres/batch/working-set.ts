import type { OfferedTerms } from '../../../session/machine/listener-state.ts'
import type { StoreLookups } from '../../../session/ports/lookups.ts'
import type { Changes } from '../../memory/changes.ts'
import { Rows } from '../../memory/rows.ts'
import type { Index, Table } from '../../memory/table.ts'
import { tablesOn } from '../../memory/tables-on.ts'
import { lookupsOn } from '../../work/lookups.ts'
import type { Tables } from '../../work/tables.ts'
import { type Loading, UNNUMBERED } from '../loads/load.ts'

/**
 * The rows that a batch may touch, as they are in the database, and the tables on them: what is applied to these follows the rules
 * of the engine that has all rows here.
 */
export class WorkingSet implements Loading {
  readonly rows = new Rows()
  readonly tables: Tables
  /** These answer at once. */
  readonly lookups: StoreLookups
  readonly #totals: (() => void)[] = []
  readonly #pastTerms = new Map<string, Record<number, OfferedTerms>>()

  /** @param auditIn where records go, from which they are taken back with the changes */
  constructor(auditIn: (changes: Changes) => Tables['audit'] = () => NO_AUDIT) {
    const { rows } = this
    this.tables = { ...tablesOn(rows), audit: auditIn(rows.changes) }
    this.lookups = lookupsOn(this.tables, async (question) => question())
    for (const table of storedTables(rows)) table.load([])
    for (const counter of [rows.redemptionSeq, rows.attemptSeq, rows.sessionSeq]) {
      counter.load(UNNUMBERED)
    }
  }

  readonly total = <Kept>(index: Index<Kept>, key: string, count: number): void => {
    this.#totals.push(() => index.setCount(key, count))
  }

  readonly pastTerms = (tokenId: string, revision: number, offered: OfferedTerms): void => {
    const known = this.#pastTerms.get(tokenId) ?? {}
    this.#pastTerms.set(tokenId, { ...known, [revision]: offered })
  }

  /** All is loaded: what is counted and not here counts from now on. @param fence the last one that was given out */
  complete(fence: number, pruned: Rows['pruned']['value']): void {
    const { tokens } = this.rows
    this.rows.fence.load(fence)
    this.rows.pruned.load(pruned)
    for (const [tokenId, pastTerms] of this.#pastTerms) {
      const row = tokens.get(tokenId)
      if (row !== undefined) tokens.reload([{ ...row, pastTerms }])
    }
    for (const each of this.#totals) each()
  }
}

/** For questions. */
const NO_AUDIT: Tables['audit'] = {
  append: () => {
    throw new TypeError('nothing is written here')
  },
}

/** All tables whose rows are stored. */
function storedTables(rows: Rows): readonly Pick<Table<never>, 'load'>[] {
  return [
    ...[rows.tokens, rows.redemptions, rows.answers, rows.freeSlots, rows.declines, rows.denials],
    ...[rows.requests, rows.attempts, rows.tallies, rows.documents, rows.removals, rows.notices],
    ...[rows.lostUses, rows.sessions, rows.journals, rows.witnessed],
  ]
}
