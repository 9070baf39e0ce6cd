import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { compact } from '../../protocol/base/compact.ts'
import type { Role } from '../../protocol/base/role.ts'
import type { DatabaseConnection } from '../../protocol/message/messages.ts'
import type { Receipted, ReceiptMarks } from '../../protocol/receipt/receipt.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import { receiptColumns, receiptIn, signatureColumn } from '../row/receipt-row.ts'
import { integer, optionalInteger, partyIdentity, type Row, text } from '../row/row.ts'

/** The signatures and the invitee's share in the words to compare, which come with the last word about a tally. */
type Confirmation = Receipted['signatures'] & Pick<ReceiptMarks, 'opening'>

/** Selects a tally by its id. */
export const SELECT_TALLY = 'SELECT * FROM tallies WHERE tally_id = ?1'

export const REMOVE_TALLY = 'DELETE FROM tallies WHERE tally_id = ?1'

export const REMOVE_CHUNKS = 'DELETE FROM tally_chunks WHERE tally_id = ?1'

/** The tallies this side holds, with their drafts, as sessions make and confirm them. */
export class Tallies {
  readonly #insert: StatementSync
  readonly #find: StatementSync
  readonly #committed: StatementSync
  readonly #confirm: StatementSync
  readonly #setReceipt: StatementSync
  readonly #delete: StatementSync
  readonly #deleteChunks: StatementSync

  constructor(database: DatabaseSync) {
    // A tally that is already here was agreed on once; a repeated answer does not change it.
    this.#insert = database.prepare(`
      INSERT INTO tallies (tally_id, role, partner, partner_identity, created_by, engine, endpoint,
        credentials_ref, draft, draft_sha256, status, redemption_id, created_at,
        token_id, request_hash, response_hash, inviter_signature, invitee_signature, opening)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tally_id) DO NOTHING`)
    this.#find = database.prepare(SELECT_TALLY)
    this.#committed = database.prepare(`
      SELECT t.* FROM redemptions r JOIN tallies t ON t.tally_id = r.tally_id
      WHERE r.id = ? AND r.state = 'committed'`)
    this.#confirm = database.prepare(`
      UPDATE tallies SET status = 'confirmed', withdrawn_at = NULL,
        inviter_signature = coalesce(inviter_signature, ?1),
        invitee_signature = coalesce(invitee_signature, ?2),
        opening = iif(token_id IS NULL, NULL, coalesce(opening, ?3))
      WHERE tally_id = ?4 AND (status <> 'confirmed' OR (inviter_signature IS NULL AND ?1 IS NOT NULL)
        OR (invitee_signature IS NULL AND ?2 IS NOT NULL)
        OR (opening IS NULL AND ?3 IS NOT NULL AND token_id IS NOT NULL))`)
    this.#setReceipt = database.prepare(`
      UPDATE tallies SET token_id = ?1, request_hash = ?2, response_hash = ?3, inviter_signature = ?4,
        invitee_signature = ?5, opening = coalesce(iif(response_hash = ?3, opening, NULL), ?6),
        compared_at = iif(response_hash = ?3, compared_at, NULL)
      WHERE tally_id = ?7 AND (inviter_signature IS NULL OR invitee_signature IS NULL)`)
    this.#delete = database.prepare(REMOVE_TALLY)
    this.#deleteChunks = database.prepare(REMOVE_CHUNKS)
  }

  /** Stores a tally. True if it was new. */
  insert(tally: TallyRecord): boolean {
    const { built, partner } = tally
    return (
      this.#insert.run(
        tally.tallyId,
        tally.role,
        partner.peerId,
        JSON.stringify(partner.identity),
        built.tally.createdBy,
        built.database.engine,
        built.database.endpoint,
        built.database.credentialsRef,
        built.draft.text,
        built.draft.sha256,
        tally.status,
        tally.redemptionId,
        tally.createdAt,
        ...receiptColumns(tally.receipt),
      ).changes !== 0
    )
  }

  /** Confirms a tally, and adds what is missing of its receipt. @returns false if nothing of it was new */
  confirm(tallyId: string, { inviter, invitee, opening }: Confirmation = {}): boolean {
    const columns = [signatureColumn(inviter), signatureColumn(invitee), opening ?? null]
    return this.#confirm.run(...columns, tallyId).changes !== 0
  }

  /** Stores a receipt; one that both sides have signed stays as it is. */
  setReceipt(tallyId: string, receipt: ReceiptMarks): void {
    this.#setReceipt.run(...receiptColumns(receipt), tallyId)
  }

  remove(tallyId: string): void {
    this.#deleteChunks.run(tallyId)
    this.#delete.run(tallyId)
  }

  find(tallyId: string): TallyRecord | undefined {
    const row = this.#find.get(tallyId)
    return row === undefined ? undefined : toTally(row)
  }

  /** Returns the tally that a redemption of this inviter led to. */
  ofRedemption(redemptionId: string): TallyRecord | undefined {
    const row = this.#committed.get(redemptionId)
    return row === undefined ? undefined : toTally(row)
  }
}

function role(row: Row, column: string): Role {
  return text(row, column) === 'foil' ? 'foil' : 'stock'
}

/** @throws RowInvalidError */
export function connectionIn(row: Row): DatabaseConnection {
  return {
    engine: text(row, 'engine'),
    endpoint: text(row, 'endpoint'),
    credentialsRef: text(row, 'credentials_ref'),
  }
}

function statusOf(row: Row): TallyRecord['status'] {
  if (row['withdrawn_at'] !== null) return 'withdrawn'
  const status = text(row, 'status')
  return status === 'confirmed' || status === 'held' ? status : 'offered'
}

/** @throws RowInvalidError */
export function toTally(row: Row): TallyRecord {
  return {
    tallyId: text(row, 'tally_id'),
    role: role(row, 'role'),
    partner: { peerId: text(row, 'partner'), identity: partyIdentity(row, 'partner_identity') },
    built: {
      tally: { tallyId: text(row, 'tally_id'), createdBy: role(row, 'created_by') },
      database: connectionIn(row),
      draft: { text: text(row, 'draft'), sha256: text(row, 'draft_sha256') },
    },
    status: statusOf(row),
    redemptionId: text(row, 'redemption_id'),
    createdAt: integer(row, 'created_at'),
    ...receiptIn(row),
    ...compact({ comparedAt: optionalInteger(row, 'compared_at') }),
  }
}
