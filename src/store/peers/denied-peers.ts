import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { compact } from '../../protocol/base/compact.ts'
import { integer, optionalText, type Row, text } from '../row/row.ts'

/** A peer from which nothing is taken. */
export interface DeniedPeer {
  readonly peerId: string
  /** Milliseconds since the epoch. */
  readonly deniedAt: number
  readonly reason?: string
}

/** The peers from whom nothing is taken, whatever they show. */
export class DeniedPeers {
  readonly #add: StatementSync
  readonly #remove: StatementSync
  readonly #has: StatementSync
  readonly #list: StatementSync
  readonly #count: StatementSync

  constructor(database: DatabaseSync) {
    this.#add = database.prepare(
      'INSERT INTO denied_peers (peer_id, denied_at, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    )
    this.#remove = database.prepare('DELETE FROM denied_peers WHERE peer_id = ?')
    this.#has = database.prepare('SELECT 1 FROM denied_peers WHERE peer_id = ?')
    this.#list = database.prepare(
      'SELECT * FROM denied_peers ORDER BY denied_at DESC, peer_id LIMIT ?',
    )
    this.#count = database.prepare('SELECT count(*) AS count FROM denied_peers')
  }

  /** False if it was there before; then its time and reason stay. */
  add({ peerId, deniedAt, reason }: DeniedPeer): boolean {
    return this.#add.run(peerId, deniedAt, reason ?? null).changes !== 0
  }

  /** False if it was not there. */
  remove(peerId: string): boolean {
    return this.#remove.run(peerId).changes !== 0
  }

  has(peerId: string): boolean {
    return this.#has.get(peerId) !== undefined
  }

  /** Lists the latest first. */
  list(limit: number): readonly DeniedPeer[] {
    return this.#list.all(limit).map(toPeer)
  }

  count(): number {
    return integer(this.#count.get() ?? {}, 'count')
  }
}

function toPeer(row: Row): DeniedPeer {
  return compact({
    peerId: text(row, 'peer_id'),
    deniedAt: integer(row, 'denied_at'),
    reason: optionalText(row, 'reason'),
  })
}
