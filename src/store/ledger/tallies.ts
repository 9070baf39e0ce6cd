import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { compact } from '../../protocol/base/compact.ts'
import type { Role } from '../../protocol/base/role.ts'
import type { DatabaseConnection, IdentityBundle } from '../../protocol/message/messages.ts'
import type { Receipted, ReceiptMarks } from '../../protocol/receipt/receipt.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import { receiptColumns, receiptIn, signatureColumn } from '../row/receipt-row.ts'
import { blob, integer, optionalInteger, partyIdentity, type Row, text } from '../row/row.ts'

/** The signatures and the invitee's share in the words to compare, which come with the last word about a tally. */
type Confirmation = Receipted['signatures'] & Pick<ReceiptMarks, 'opening'>

/** Those parts of a stored tally that the audit names, too. */
export interface StoredMarks {
  /** The hash that is stored with the draft. */
  readonly draft: string
  readonly database: DatabaseConnection
  /** True if there is a signature of the other side under its receipt, good or not. */
  readonly isSignedByPartner: boolean
}

/** The tallies this side holds, with their drafts and the chunks of their documents. */
export class Tallies {
  readonly #insert: StatementSync
  readonly #find: StatementSync
  readonly #marks: StatementSync
  readonly #identity: StatementSync
  readonly #byPrefix: StatementSync
  readonly #committed: StatementSync
  readonly #list: StatementSync
  readonly #count: StatementSync
  readonly #ofPartner: StatementSync
  readonly #unplaced: StatementSync
  readonly #confirm: StatementSync
  readonly #setReceipt: StatementSync
  readonly #setCompared: StatementSync
  readonly #delete: StatementSync
  readonly #deleteChunks: StatementSync
  readonly #deleteLaterChunks: StatementSync
  readonly #chunks: StatementSync
  readonly #addChunk: StatementSync

  constructor(database: DatabaseSync) {
    // A tally that is already here was agreed on once; a repeated answer does not change it.
    this.#insert = database.prepare(`
      INSERT INTO tallies (tally_id, role, partner, partner_identity, created_by, engine, endpoint,
        credentials_ref, draft, draft_sha256, status, redemption_id, created_at,
        token_id, request_hash, response_hash, inviter_signature, invitee_signature, opening)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tally_id) DO NOTHING`)
    this.#find = database.prepare('SELECT * FROM tallies WHERE tally_id = ?')
    this.#marks = database.prepare(`
      SELECT draft_sha256, engine, endpoint, credentials_ref, token_id IS NOT NULL
        AND iif(role = created_by, invitee_signature, inviter_signature) IS NOT NULL AS signed
      FROM tallies WHERE tally_id = ?`)
    this.#identity = database.prepare('SELECT partner_identity FROM tallies WHERE tally_id = ?')
    this.#byPrefix = database.prepare(
      'SELECT * FROM tallies WHERE substr(tally_id, 1, length(?1)) = ?1 ORDER BY created_at LIMIT 10',
    )
    this.#committed = database.prepare(`
      SELECT t.* FROM redemptions r JOIN tallies t ON t.tally_id = r.tally_id
      WHERE r.id = ? AND r.state = 'committed'`)
    this.#list = database.prepare(`
      SELECT * FROM tallies t WHERE ?1 IS NULL OR (
        SELECT t.created_at < b.created_at OR (t.created_at = b.created_at AND t.tally_id > b.tally_id)
        FROM tallies b WHERE b.tally_id = ?1)
      ORDER BY created_at DESC, tally_id LIMIT ?2`)
    this.#count = database.prepare('SELECT count(*) AS count FROM tallies')
    this.#ofPartner = database.prepare(
      'SELECT * FROM tallies WHERE partner = ? ORDER BY created_at DESC, tally_id LIMIT ?',
    )
    this.#unplaced = database.prepare(`
      SELECT * FROM tallies t WHERE t.tally_id > ?1 AND t.engine = 'automerge'
        AND t.withdrawn_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM partner_addresses p WHERE p.peer_id = t.partner)
      ORDER BY t.tally_id LIMIT ?2`)
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
    this.#setCompared = database.prepare('UPDATE tallies SET compared_at = ? WHERE tally_id = ?')
    this.#delete = database.prepare('DELETE FROM tallies WHERE tally_id = ?')
    this.#deleteChunks = database.prepare('DELETE FROM tally_chunks WHERE tally_id = ?')
    this.#deleteLaterChunks = database.prepare(`
      DELETE FROM tally_chunks WHERE tally_id = ?1
        AND id > (SELECT min(c.id) FROM tally_chunks c WHERE c.tally_id = ?1)`)
    this.#chunks = database.prepare('SELECT chunk FROM tally_chunks WHERE tally_id = ? ORDER BY id')
    this.#addChunk = database.prepare('INSERT INTO tally_chunks (tally_id, chunk) VALUES (?, ?)')
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

  /** Notes when two people have found the words to be the same; undefined if they are not. */
  setCompared(tallyId: string, at: number | undefined): void {
    this.#setCompared.run(at ?? null, tallyId)
  }

  remove(tallyId: string): void {
    this.#deleteChunks.run(tallyId)
    this.#delete.run(tallyId)
  }

  find(tallyId: string): TallyRecord | undefined {
    const row = this.#find.get(tallyId)
    return row === undefined ? undefined : toTally(row)
  }

  /** Returns those parts of a tally that the audit names, too. */
  marks(tallyId: string): StoredMarks | undefined {
    const row = this.#marks.get(tallyId)
    if (row === undefined) return undefined
    const isSignedByPartner = integer(row, 'signed') === 1
    return { draft: text(row, 'draft_sha256'), database: connection(row), isSignedByPartner }
  }

  /** Returns what the partner of a tally has disclosed. */
  partnerIdentity(tallyId: string): IdentityBundle | undefined {
    const row = this.#identity.get(tallyId)
    return row === undefined ? undefined : partyIdentity(row, 'partner_identity')
  }

  /** Returns the tally that a redemption of this inviter led to. */
  ofRedemption(redemptionId: string): TallyRecord | undefined {
    const row = this.#committed.get(redemptionId)
    return row === undefined ? undefined : toTally(row)
  }

  /** Finds tallies whose id starts so, at most ten. */
  startingWith(prefix: string): readonly TallyRecord[] {
    return this.#byPrefix.all(prefix).map(toTally)
  }

  count(): number {
    return integer(this.#count.get() ?? {}, 'count')
  }

  /** Lists tallies, newest first. @param before only those that come after this one: the next page */
  list(limit: number, before?: string): readonly TallyRecord[] {
    return this.#list.all(before ?? null, limit).map(toTally)
  }

  /** Lists the tallies with one partner, newest first. */
  ofPartner(peerId: string, limit: number): readonly TallyRecord[] {
    return this.#ofPartner.all(peerId, limit).map(toTally)
  }

  /** Lists tallies to sync with partners of whom no address is kept, by id. @param after the last id of the page before */
  withoutPlace(after: string, limit: number): readonly TallyRecord[] {
    return this.#unplaced.all(after, limit).map(toTally)
  }

  chunks(tallyId: string): Uint8Array[] {
    return this.#chunks.all(tallyId).map((row) => blob(row, 'chunk'))
  }

  appendChunk(tallyId: string, chunk: Uint8Array): void {
    this.#addChunk.run(tallyId, chunk)
  }

  /** Replaces all chunks but the first: one chunk alone means that nobody has changed the document. */
  replaceLaterChunks(tallyId: string, snapshot: Uint8Array): void {
    this.#deleteLaterChunks.run(tallyId)
    this.#addChunk.run(tallyId, snapshot)
  }
}

function role(row: Row, column: string): Role {
  return text(row, column) === 'foil' ? 'foil' : 'stock'
}

function connection(row: Row): DatabaseConnection {
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
      database: connection(row),
      draft: { text: text(row, 'draft'), sha256: text(row, 'draft_sha256') },
    },
    status: statusOf(row),
    redemptionId: text(row, 'redemption_id'),
    createdAt: integer(row, 'created_at'),
    ...receiptIn(row),
    ...compact({ comparedAt: optionalInteger(row, 'compared_at') }),
  }
}
