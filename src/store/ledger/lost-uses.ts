import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { LostUse } from '../../session/ports/tally.ts'

/** The redemptions that one side has lost: by a lost commit, or by a backup that was put back. */
export class LostUses {
  readonly #insert: StatementSync
  readonly #settle: StatementSync

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT INTO lost_uses (lost_by, redemption_id, token_id, peer_id, tally_id, at)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
    this.#settle = database.prepare(
      "DELETE FROM lost_uses WHERE lost_by = 'inviter' AND redemption_id = ?",
    )
  }

  /** False if it was there before. */
  note({ lostBy, redemptionId, tokenId, peerId, tallyId, at }: LostUse): boolean {
    return this.#insert.run(lostBy, redemptionId, tokenId, peerId, tallyId, at).changes !== 0
  }

  settle(redemptionId: string): void {
    this.#settle.run(redemptionId)
  }
}
