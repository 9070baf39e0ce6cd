import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  STANDINGS,
  type Standing,
  type WitnessedCheckpoint,
} from '../../audit/witness/witnessed-checkpoint.ts'
import { compact } from '../../protocol/base/compact.ts'
import { RowInvalidError } from '../errors.ts'
import { blob, integer, optionalInteger, optionalText, type Row, text } from '../row/row.ts'

const COLUMNS =
  'peer_id, size, standing, root, note, since, seen_at, session_id, against_size, against_note'

/** Runs in each session. */
export const OF_PEER = `SELECT ${COLUMNS} FROM witnessed WHERE peer_id = ? ORDER BY size`

/** The sizes of those that contradict nothing. */
export const SIZES_OF_PEER = `
  SELECT size FROM witnessed WHERE peer_id = ? AND standing IN ('proven', 'open') ORDER BY size`

/** Checkpoints that other parties signed over their own audits: a few rows for each party. */
export class WitnessedCheckpoints {
  readonly #ofPeer: StatementSync
  readonly #sizes: StatementSync
  readonly #put: StatementSync
  readonly #touch: StatementSync
  readonly #drop: StatementSync
  readonly #forget: StatementSync
  readonly #peers: StatementSync
  readonly #countPeers: StatementSync
  readonly #peersLike: StatementSync
  readonly #alarms: StatementSync

  constructor(database: DatabaseSync) {
    this.#ofPeer = database.prepare(OF_PEER)
    this.#sizes = database.prepare(SIZES_OF_PEER)
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO witnessed (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#touch = database.prepare(
      'UPDATE witnessed SET seen_at = ? WHERE peer_id = ? AND size = ? AND standing = ?',
    )
    this.#drop = database.prepare(
      'DELETE FROM witnessed WHERE peer_id = ? AND size = ? AND standing = ?',
    )
    this.#forget = database.prepare('DELETE FROM witnessed WHERE peer_id = ?')
    this.#peers = database.prepare(`
      SELECT peer_id FROM witnessed GROUP BY peer_id
      ORDER BY max(against_size IS NOT NULL) DESC, max(seen_at) DESC, peer_id LIMIT ?`)
    this.#countPeers = database.prepare('SELECT count(DISTINCT peer_id) AS count FROM witnessed')
    this.#peersLike = database.prepare(`
      SELECT DISTINCT peer_id FROM witnessed
      WHERE substr(peer_id, 1, length(?1)) = ?1 OR substr(peer_id, -length(?1)) = ?1 LIMIT 10`)
    this.#alarms = database.prepare(
      'SELECT count(DISTINCT peer_id) AS n FROM witnessed WHERE against_size IS NOT NULL',
    )
  }

  /** Returns one party's checkpoints, smallest first. */
  ofPeer(peerId: string): readonly WitnessedCheckpoint[] {
    return this.#ofPeer.all(peerId).map(toWitnessed)
  }

  /** Returns the sizes of a party's checkpoints that contradict nothing, smallest first. */
  sizesOf(peerId: string): readonly number[] {
    return this.#sizes.all(peerId).map((row) => integer(row, 'size'))
  }

  /** Stores a checkpoint, and replaces one of the same size, standing and root. */
  put(checkpoint: WitnessedCheckpoint): void {
    const { peerId, size, standing, root, note, since, seenAt, sessionId, against } = checkpoint
    const other = [against?.size ?? null, against?.note ?? null]
    this.#put.run(peerId, size, standing, root, note, since, seenAt, sessionId, ...other)
  }

  /** Notes that a checkpoint was shown again. */
  touch({ peerId, size, standing }: WitnessedCheckpoint, seenAt: number): void {
    this.#touch.run(seenAt, peerId, size, standing)
  }

  drop({ peerId, size, standing }: WitnessedCheckpoint): void {
    this.#drop.run(peerId, size, standing)
  }

  /** Deletes all of one party's. @returns how many there were */
  forget(peerId: string): number {
    return Number(this.#forget.run(peerId).changes)
  }

  /** Returns the parties that contradicted themselves, then the others, those seen last first. */
  peers(limit: number): readonly string[] {
    return this.#peers.all(limit).map((row) => text(row, 'peer_id'))
  }

  /** Returns how many parties have shown a checkpoint. */
  countPeers(): number {
    return integer(this.#countPeers.get() ?? {}, 'count')
  }

  /** Finds parties whose id begins or ends so, at most ten. */
  peersLike(part: string): readonly string[] {
    return this.#peersLike.all(part).map((row) => text(row, 'peer_id'))
  }

  /** Returns how many parties have contradicted themselves. */
  alarmed(): number {
    const row = this.#alarms.get()
    return row === undefined ? 0 : integer(row, 'n')
  }
}

export function toWitnessed(row: Row): WitnessedCheckpoint {
  const size = optionalInteger(row, 'against_size')
  const note = optionalText(row, 'against_note') ?? ''
  return compact({
    peerId: text(row, 'peer_id'),
    size: integer(row, 'size'),
    standing: standingOf(row),
    root: blob(row, 'root'),
    note: text(row, 'note'),
    since: integer(row, 'since'),
    seenAt: integer(row, 'seen_at'),
    sessionId: text(row, 'session_id'),
    against: size === undefined ? undefined : { size, note },
  })
}

function standingOf(row: Row): Standing {
  const standing = STANDINGS.find((each) => each === row['standing'])
  if (standing === undefined) throw new RowInvalidError('standing')
  return standing
}
