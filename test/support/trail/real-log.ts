import type { DatabaseSync } from 'node:sqlite'
import type { NoteSigner } from '../../../src/audit/checkpoint/note-key.ts'
import type { TrailRow } from '../../../src/audit/verify/trail-source.ts'
import { takeCheckpoint } from '../../../src/service/trail/take-checkpoint.ts'
import { auditWalk } from '../../../src/store/audit/audit-walk.ts'
import { openMemoryDatabase } from '../../../src/store/file/database.ts'
import { Store } from '../../../src/store/transaction/store.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'
import { World } from '../session/world.ts'

const MAX_PEERS = 250

/** What Alice's audit holds after so many bootstraps: approved, refused and broken off, several under way at once. */
export async function bootstrappedRows(bootstraps: number): Promise<readonly TrailRow[]> {
  const world = new World()
  const links = [
    world.invite({ usesAllowed: null }),
    world.invite({ usesAllowed: 5, secret: 8 }),
    world.invite({ usesAllowed: null, secret: 9, initiatorRole: 'foil' }),
  ]
  for (let begun = 0; begun < bootstraps; begun += 5) {
    const group = Array.from({ length: 5 }, (_, n) => begun + n).map((n) => {
      const peer = world.stranger(3 + (n % MAX_PEERS))
      return world.redeem(links[n % links.length] ?? world.invite(), {}, peer)
    })
    await world.pass(2_000)
    await Promise.allSettled(group)
  }
  return await trailRows(world.alice.store)
}

async function trailRows(store: Store): Promise<readonly TrailRow[]> {
  const rows: TrailRow[] = []
  for (;;) {
    const next = await store.query(() => auditWalk.after(rows.at(-1)?.seq ?? 0))
    if (next.length === 0) return rows
    rows.push(...next)
  }
}

/** A database with that audit alone, signed at these sizes. */
export async function signedLog(
  rows: readonly TrailRow[],
  signer: NoteSigner,
  sizes: readonly number[],
): Promise<DatabaseSync> {
  const database = openMemoryDatabase()
  const store = new Store(':memory:', database, new Repositories(database))
  let from = 0
  for (const size of sizes) {
    insertRows(database, rows.slice(from, size))
    from = size
    await takeCheckpoint(store, signer)
  }
  insertRows(database, rows.slice(from))
  return database
}

export function insertRows(database: DatabaseSync, rows: readonly TrailRow[]): void {
  const insert = database.prepare(
    'INSERT INTO audit (seq, session_id, thread, record, hash) VALUES (?, ?, ?, ?, ?)',
  )
  for (const { seq, sessionId, thread, text, hash } of rows) {
    insert.run(seq, sessionId, thread, text, hash)
  }
}
