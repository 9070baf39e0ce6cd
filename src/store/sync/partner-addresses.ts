import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { text } from '../row/row.ts'

/** Addresses kept of one partner: those of a link and as many again, since a machine moves. */
export const MAX_PARTNER_ADDRESSES = 32

/** The addresses at which partners were said to be, each the latest word about it. */
export class PartnerAddresses {
  readonly #learn: StatementSync
  readonly #trim: StatementSync
  readonly #of: StatementSync

  constructor(database: DatabaseSync) {
    this.#learn = database.prepare(`
      INSERT INTO partner_addresses (peer_id, address, learnt_at, place) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET learnt_at = excluded.learnt_at, place = excluded.place`)
    this.#trim = database.prepare(`
      DELETE FROM partner_addresses WHERE peer_id = ?1 AND address NOT IN (
        SELECT address FROM partner_addresses WHERE peer_id = ?1
        ORDER BY learnt_at DESC, place LIMIT ?2)`)
    this.#of = database.prepare(
      'SELECT address FROM partner_addresses WHERE peer_id = ? ORDER BY learnt_at DESC, place',
    )
  }

  /** Keeps where a partner is, the best address first; those learnt longest ago make room. */
  learn(peerId: string, addresses: readonly string[], at: number): void {
    for (const [place, address] of addresses.entries()) this.#learn.run(peerId, address, at, place)
    this.#trim.run(peerId, MAX_PARTNER_ADDRESSES)
  }

  /** Lists multiaddrs without peer id, those learnt last first. */
  of(peerId: string): readonly string[] {
    return this.#of.all(peerId).map((row) => text(row, 'address'))
  }
}
