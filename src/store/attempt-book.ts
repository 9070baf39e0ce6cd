import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Attempt } from '../session/ports/store.ts'
import { compact, identity, integer, json, optionalText, type Row, text, texts } from './row.ts'

const STATUSES = ['running', 'held', 'confirmed', 'ended'] as const

/** The invitee's attempts: what it set out to redeem, stored before the first dial. */
export class AttemptBook {
  readonly #insert: StatementSync
  readonly #latest: StatementSync
  readonly #set: StatementSync
  readonly #unfinished: StatementSync

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(`
      INSERT INTO attempts (id, bootstrap_id, link_hash, token_id, inviter, role, request_hash,
        identity, cadre, status, tally_id, created_at, consented_terms, consented_required,
        lease_until)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET lease_until = max(lease_until, excluded.lease_until),
        consented_terms = coalesce(excluded.consented_terms, consented_terms),
        consented_required = coalesce(excluded.consented_required, consented_required)`)
    this.#latest = database.prepare(
      'SELECT * FROM attempts WHERE link_hash = ? ORDER BY created_at DESC, rowid DESC LIMIT 1',
    )
    this.#unfinished = database.prepare(
      `SELECT * FROM attempts WHERE status IN ('running', 'held') ORDER BY created_at LIMIT ?`,
    )
    // What was confirmed stays so.
    this.#set = database.prepare(`
      UPDATE attempts SET status = ?, tally_id = coalesce(?, tally_id)
      WHERE id = ? AND status <> 'confirmed'`)
  }

  /** One that is there already stays as it is, but for its lease and for what was agreed to since. */
  insert(attempt: Attempt, leaseUntil = 0): void {
    const { consented } = attempt
    this.#insert.run(
      attempt.attemptId,
      attempt.bootstrapId,
      attempt.linkHash,
      attempt.tokenId,
      attempt.inviter,
      attempt.role,
      attempt.requestHash,
      JSON.stringify(attempt.identity),
      JSON.stringify(attempt.cadre),
      attempt.status,
      attempt.tallyId ?? null,
      attempt.createdAt,
      consented === undefined ? null : JSON.stringify(consented.terms),
      consented === undefined ? null : JSON.stringify(consented.required),
      leaseUntil,
    )
  }

  /** The newest attempt on a link. */
  latest(linkHash: string): Attempt | undefined {
    const row = this.#latest.get(linkHash)
    return row === undefined ? undefined : toAttempt(row)
  }

  /** Begun, and neither confirmed nor given up; the oldest first. */
  unfinished(limit: number): readonly Attempt[] {
    return this.#unfinished.all(limit).map(toAttempt)
  }

  set(attemptId: string, status: Attempt['status'], tallyId?: string): void {
    this.#set.run(status, tallyId ?? null, attemptId)
  }
}

function toAttempt(row: Row): Attempt {
  return compact({
    attemptId: text(row, 'id'),
    bootstrapId: text(row, 'bootstrap_id'),
    linkHash: text(row, 'link_hash'),
    tokenId: text(row, 'token_id'),
    inviter: text(row, 'inviter'),
    role: text(row, 'role') === 'foil' ? ('foil' as const) : ('stock' as const),
    requestHash: text(row, 'request_hash'),
    identity: identity(row, 'identity'),
    cadre: texts(row, 'cadre'),
    consented: consent(row),
    status: STATUSES.find((status) => status === row['status']) ?? ('ended' as const),
    tallyId: optionalText(row, 'tally_id'),
    createdAt: integer(row, 'created_at'),
  })
}

function consent(row: Row): Attempt['consented'] {
  return row['consented_terms'] === null
    ? undefined
    : { terms: json(row, 'consented_terms'), required: texts(row, 'consented_required') }
}
