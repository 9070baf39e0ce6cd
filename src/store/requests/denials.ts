import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { optionalText } from '../row/row.ts'

/** The inviter's no to a peer's request at an invitation. */
export interface RequestDenial {
  /** Told to the peer. */
  readonly reason?: string
}

/** The inviter's no: each is final for its peer at its invitation. */
export class Denials {
  readonly #insert: StatementSync
  readonly #find: StatementSync

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT OR IGNORE INTO denials (token_id, peer_id, reason, at) VALUES (?, ?, ?, ?)`)
    this.#find = database.prepare('SELECT reason FROM denials WHERE token_id = ? AND peer_id = ?')
  }

  insert(tokenId: string, peerId: string, reason: string | undefined, at: number): void {
    this.#insert.run(tokenId, peerId, reason ?? null, at)
  }

  of(tokenId: string, peerId: string): RequestDenial | undefined {
    const row = this.#find.get(tokenId, peerId)
    if (row === undefined) return undefined
    const reason = optionalText(row, 'reason')
    return reason === undefined ? {} : { reason }
  }
}
