import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { LostUse } from '../../session/ports/tally.ts'
import { optionalInteger } from '../row/row.ts'

/** The redemptions that one side has lost: by a lost commit, or by a backup that was put back. */
export class LostUses {
  readonly #insert: StatementSync
  readonly #settle: StatementSync
  readonly #deniedAt: StatementSync

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT INTO lost_uses (lost_by, redemption_id, token_id, peer_id, tally_id, at)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`)
    this.#settle = database.prepare(
      "DELETE FROM lost_uses WHERE lost_by = 'inviter' AND redemption_id = ?",
    )
    this.#deniedAt = database.prepare(
      "SELECT max(at) AS at FROM lost_uses WHERE lost_by = 'inviter' AND tally_id = ?",
    )
  }

  /** False if it was there before. */
  note({ lostBy, redemptionId, tokenId, peerId, tallyId, at }: LostUse): boolean {
    return this.#insert.run(lostBy, redemptionId, tokenId, peerId, tallyId, at).changes !== 0
  }

  settle(redemptionId: string): void {
    this.#settle.run(redemptionId)
  }

  /** When the inviter of a tally said that it does not know it, if it did. */
  deniedAt(tallyId: string): number | undefined {
    const row = this.#deniedAt.get(tallyId)
    return row === undefined ? undefined : optionalInteger(row, 'at')
  }
}
