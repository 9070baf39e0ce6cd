import type { OfferedTerms } from '../../../session/machine/listener-state.ts'
import type { Rows } from '../../memory/rows.ts'
import type { Index } from '../../memory/table.ts'
import type { Row } from '../../row/row.ts'
import type { Needs } from './needs.ts'

/** One statement that loads rows by a list of keys. */
export interface Load {
  /** Definitions of the list's columns. */
  readonly list: string
  /** @param v the list, as a table `v` @param lock ends a statement that selects from `t`; empty where nothing is written */
  readonly sql: (v: string, lock: string) => string
  /** Takes over what was found. */
  readonly into: (to: Loading, found: readonly Row[]) => void
  /** Tells what has to be loaded besides, now that this is known: in another round trip. */
  readonly more?: (found: readonly Row[], needs: Needs) => void
}

/** A working set while it is filled. */
export interface Loading {
  readonly rows: Rows
  /** Notes how many rows there are with a key, here or not. It holds when all is loaded. */
  readonly total: <Kept>(index: Index<Kept>, key: string, count: number) => void
  /** Notes terms that a token had before, and that a use stands on. */
  readonly pastTerms: (tokenId: string, revision: number, offered: OfferedTerms) => void
}

/** The rows of a table `t` with an id that is in the list. */
export function byId(table: string, column = 'id'): Load['sql'] {
  return (v, lock) =>
    `SELECT t.* FROM ${table} t WHERE t.${column} IN (SELECT v.id FROM ${v}) ORDER BY t.${column} ${lock}`
}

/** New rows have numbers above all that are stored, until the database numbers them. */
export const UNNUMBERED = 2 ** 52

export const IDS = 'id text'
