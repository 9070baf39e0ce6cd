import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** The tokens that peers declined. */
export class Declines {
  readonly #insert: StatementSync
  readonly #find: StatementSync

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT INTO declines (token_id, peer_id, reason, at) VALUES (?, ?, ?, ?)
      ON CONFLICT DO NOTHING`)
    this.#find = database.prepare('SELECT 1 FROM declines WHERE token_id = ? AND peer_id = ?')
  }

  insert(tokenId: string, peerId: string, reason: string | undefined, at: number): void {
    this.#insert.run(tokenId, peerId, reason ?? null, at)
  }

  has(tokenId: string, peerId: string): boolean {
    return this.#find.get(tokenId, peerId) !== undefined
  }
}
