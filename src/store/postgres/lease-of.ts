import type { DataDirectory } from '../directory/data-directory.ts'
import { NodeMemory } from '../directory/node-memory.ts'
import type { PartyStore } from '../query/party-store.ts'
import type { NodeLease } from './node/node-lease.ts'
import { PostgresStore } from './postgres-store.ts'

/** Makes a hold on the node that a store was opened as, for a process that listens; undefined for a store that no others share. */
export function nodeLeaseOf(
  store: PartyStore,
  directory: DataDirectory,
  leaseMs: number,
): NodeLease | undefined {
  const memory = new NodeMemory(directory)
  return store instanceof PostgresStore ? store.database.lease({ leaseMs, memory }) : undefined
}
