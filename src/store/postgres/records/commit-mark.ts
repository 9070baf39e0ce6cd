import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import type { ChainHead } from '../../../audit/record/chain.ts'
import { StoreStalledError } from '../../errors.ts'
import { commit, type ServerPool } from '../connection/server-pool.ts'
import type { StorePlace } from '../connection/store-place.ts'
import { beginning, NO_NODE, WRITE_ALONE } from '../node/store-transaction.ts'

/** How long it is tried to find out what became of a COMMIT, ms: a server that starts again takes some seconds. */
const LOST_REPLY_MS = 10_000

/** Between two tries, ms. */
const ASK_AGAIN_MS = 250

/** Marks of processes that are gone are removed after a day, ms: no COMMIT is on its way for so long. */
const OLD_MARK_MS = 86_400_000

const NOW = '(extract(epoch FROM now()) * 1000)::bigint'

/** A transaction that was committed has left its last record in the node's audit, or, if it has none, a mark. */
export type CommitProof =
  | { readonly kind: 'record'; readonly node: number; readonly head: ChainHead }
  | { readonly kind: 'mark'; readonly mark: string }

/** The mark takes the place of the process's one before. */
const MARK = `
  WITH gone AS (DELETE FROM commit_marks WHERE id = $2 OR at < ${NOW} - ${OLD_MARK_MS})
  INSERT INTO commit_marks (id, at) VALUES ($1, ${NOW})`

/** Leaves a mark in the transaction. @param former the process's one before, if any */
export async function leaveMark(
  client: pg.ClientBase,
  mark: string,
  former: string,
): Promise<void> {
  await client.query({ name: 'taleus_mark', text: MARK, values: [mark, former] })
}

/**
 * Finds out what became of a transaction whose COMMIT was not answered: it waits until that is over, and looks for what it has left.
 * @throws StoreStalledError if the server does not say so in time
 */
export async function wasCommitted(
  pool: ServerPool,
  place: StorePlace,
  proof: CommitProof,
): Promise<boolean> {
  const until = performance.now() + LOST_REPLY_MS
  for (;;) {
    try {
      return await isThere(pool, place, proof)
    } catch (error) {
      if (performance.now() >= until)
        throw new StoreStalledError(place.name, { on: 'server', cause: error })
      await pause(ASK_AGAIN_MS)
    }
  }
}

async function isThere(pool: ServerPool, place: StorePlace, proof: CommitProof): Promise<boolean> {
  const client = await pool.connected()
  let isClean = false
  try {
    await client.query(beginning(place, NO_NODE, 'write'))
    // The transaction that is asked about holds this lock, or what conflicts with it, until its end.
    await client.query(WRITE_ALONE)
    const { rows } = await client.query(lookFor(proof))
    await commit(client)
    isClean = true
    return rows.length > 0
  } finally {
    client.release(!isClean)
  }
}

/** Records of one number have another hash each, since it is of all before them, too. */
function lookFor(proof: CommitProof): pg.QueryConfig {
  if (proof.kind === 'mark') {
    return { text: 'SELECT 1 FROM commit_marks WHERE id = $1', values: [proof.mark] }
  }
  const { node, head } = proof
  const text = 'SELECT 1 FROM audit_records WHERE node = $1 AND seq = $2 AND hash = $3'
  return { text, values: [node, head.seq, Buffer.from(head.hash)] }
}
