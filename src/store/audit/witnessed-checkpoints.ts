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
export const OF_PEER = `SELECT ${COLUMNS} FROM witnessed WHERE peer_id = ?1 ORDER BY size`

/** Checkpoints of other parties, as a session that is shown one keeps them. */
export class WitnessedCheckpoints {
  readonly #ofPeer: StatementSync
  readonly #put: StatementSync
  readonly #touch: StatementSync
  readonly #drop: StatementSync

  constructor(database: DatabaseSync) {
    this.#ofPeer = database.prepare(OF_PEER)
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO witnessed (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#touch = database.prepare(
      'UPDATE witnessed SET seen_at = ? WHERE peer_id = ? AND size = ? AND standing = ?',
    )
    this.#drop = database.prepare(
      'DELETE FROM witnessed WHERE peer_id = ? AND size = ? AND standing = ?',
    )
  }

  /** Returns one party's checkpoints, smallest first. */
  ofPeer(peerId: string): readonly WitnessedCheckpoint[] {
    return this.#ofPeer.all(peerId).map(toWitnessed)
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
