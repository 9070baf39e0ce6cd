import { change, type Query, selectAll } from '../query/query.ts'
import { text } from '../row/row.ts'

/** Addresses kept of one partner: those of a link and as many again, since a machine moves. */
export const MAX_PARTNER_ADDRESSES = 32

const LEARN = `
  INSERT INTO partner_addresses (peer_id, address, learnt_at, place) VALUES (?1, ?2, ?3, ?4)
  ON CONFLICT (peer_id, address) DO UPDATE
    SET learnt_at = excluded.learnt_at, place = excluded.place`

const TRIM = `
  DELETE FROM partner_addresses WHERE peer_id = ?1 AND address NOT IN (
    SELECT address FROM partner_addresses WHERE peer_id = ?1
    ORDER BY learnt_at DESC, place LIMIT ?2)`

/** The addresses at which partners were said to be, each the latest word about it. */
export const partnerAddressRecords = {
  /** Keeps where a partner is, the best address first; those learnt longest ago make room. */
  *learn(peerId: string, addresses: readonly string[], at: number): Query<void> {
    for (const [place, address] of addresses.entries()) {
      yield* change(LEARN, peerId, address, at, place)
    }
    yield* change(TRIM, peerId, MAX_PARTNER_ADDRESSES)
  },

  /** Lists multiaddrs without peer id, those learnt last first. */
  *of(peerId: string): Query<readonly string[]> {
    const sql =
      'SELECT address FROM partner_addresses WHERE peer_id = ?1 ORDER BY learnt_at DESC, place'
    return (yield* selectAll(sql, peerId)).map((row) => text(row, 'address'))
  },
}
