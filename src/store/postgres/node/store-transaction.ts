import pg from 'pg'
import { transactionBounds } from '../connection/client-config.ts'
import type { StorePlace } from '../connection/store-place.ts'
import { NODE_SETTING } from '../schema/node-tables.ts'

/**
 * How long a process may leave its transaction standing, ms: all others wait for what it has locked. A turn of the event loop
 * takes a hundredth of it.
 */
const MAX_STANDING_MS = 3_000

/** Returns the statements that begin a transaction of a node in a store. They are for this transaction only, so a pooler may stand between. */
export function beginning({ schema }: StorePlace, node: number, modes: string): string {
  const bounds = transactionBounds(pg.escapeIdentifier(schema), MAX_STANDING_MS)
  return `BEGIN ${modes}; ${bounds}; SET LOCAL ${NODE_SETTING} = ${node}`
}

/**
 * Lets this transaction alone write: each other one that writes has the row of its node locked, and so this table. Those that read go on.
 * The next statement sees all that was committed before.
 */
export const WRITE_ALONE = 'LOCK TABLE nodes IN EXCLUSIVE MODE'
