import pg from 'pg'
import { transactionBounds } from '../connection/client-config.ts'
import type { StorePlace } from '../connection/store-place.ts'
import { EPOCH_SETTING, NODE_SETTING } from '../schema/node-tables.ts'
import type { OwnNode } from './node-head.ts'

/**
 * How long a process may leave its transaction standing, ms: all others wait for what it has locked. A turn of the event loop
 * takes a hundredth of it.
 */
const MAX_STANDING_MS = 3_000

/** For what is no node's. */
export const NO_NODE: OwnNode = { node: 0 }

/** How a transaction begins. Said of each, since a server may have other defaults. */
const MODES = {
  /** Sees all of it as of one moment. */
  read: 'ISOLATION LEVEL REPEATABLE READ READ ONLY',
  /** Each statement sees all that was committed before it. */
  write: 'ISOLATION LEVEL READ COMMITTED',
} as const

/**
 * Returns the statements that begin a transaction of a node in a store. They are for this transaction only, so a pooler may
 * stand between.
 */
export function beginning(
  { schema }: StorePlace,
  { node, epoch = 0 }: OwnNode,
  to: keyof typeof MODES,
): string {
  // Nobody waits for one that reads.
  const idleMs = to === 'write' ? MAX_STANDING_MS : undefined
  const bounds = transactionBounds(pg.escapeIdentifier(schema), idleMs)
  const who = `SET LOCAL ${NODE_SETTING} = ${node}; SET LOCAL ${EPOCH_SETTING} = ${epoch}`
  return `BEGIN ${MODES[to]}; ${bounds}; ${who}`
}

/**
 * Lets this transaction alone write: each other one that writes has the row of its node locked, and so this table. Those that read go on.
 * The next statement sees all that was committed before.
 */
export const WRITE_ALONE = 'LOCK TABLE nodes IN EXCLUSIVE MODE'
