import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { compact } from '../../protocol/base/compact.ts'
import type { Attempt, Lease } from '../../session/ports/attempt.ts'
import { integer, json, optionalText, partyIdentity, type Row, text, texts } from '../row/row.ts'

const STATUSES = ['running', 'held', 'confirmed', 'ended'] as const

// Leased attempts have an owner: the index on those has few rows, however many attempts there were.
export const LEASED = `
  SELECT 1 FROM attempts WHERE link_hash = ? AND lease_until > ? AND owner IS NOT NULL`

export const OWNERS = 'SELECT owner FROM attempts WHERE owner IS NOT NULL'

export const FENCE_OFF = `
  UPDATE attempts SET owner = NULL, lease_until = 0
  WHERE link_hash = ? AND id <> ? AND owner IS NOT NULL`

const FREE_ALL = `
  UPDATE attempts SET owner = NULL, lease_until = 0
  WHERE owner IS NOT NULL AND substr(owner, 1, length(?1)) = ?1`

export const IS_BUILDING = `
  SELECT 1 FROM attempts
  WHERE tally_id = ? AND status = 'running' AND lease_until > ? AND owner IS NOT NULL`

const KEPT = `
  SELECT * FROM attempts a WHERE link_hash = ? AND status IN ('held', 'confirmed')`

const latest = (columns: '*' | 'id'): string =>
  `SELECT ${columns} FROM attempts WHERE link_hash = ? ORDER BY created_at DESC, rowid DESC LIMIT 1`

const NEWEST = 'ORDER BY created_at DESC, a.rowid DESC LIMIT 1'

/** Returns the newest whose tally was not withdrawn. */
export const STANDING = `${KEPT} AND NOT EXISTS (
    SELECT 1 FROM tallies t WHERE t.tally_id = a.tally_id AND t.withdrawn_at IS NOT NULL) ${NEWEST}`

export const KEPT_NEWEST = `${KEPT} ${NEWEST}`

/** The invitee's attempts to redeem links, each stored before the first dial. */
export class Attempts {
  readonly #begin: StatementSync
  readonly #fenceOff: StatementSync
  readonly #holds: StatementSync
  readonly #free: StatementSync
  readonly #owners: StatementSync
  readonly #freeAll: StatementSync
  readonly #building: StatementSync
  readonly #isBuilding: StatementSync
  readonly #latest: StatementSync
  readonly #latestId: StatementSync
  readonly #standing: StatementSync
  readonly #kept: StatementSync
  readonly #leased: StatementSync
  readonly #set: StatementSync

  constructor(database: DatabaseSync) {
    this.#begin = database.prepare(`
      INSERT INTO attempts (id, bootstrap_id, link_hash, token_id, inviter, role, request_hash,
        identity, cadre, status, tally_id, created_at, consented_terms, consented_required, owner,
        lease_until)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, lease_until = excluded.lease_until,
        sessions = sessions + 1,
        consented_terms = coalesce(excluded.consented_terms, consented_terms),
        consented_required = coalesce(excluded.consented_required, consented_required)`)
    this.#fenceOff = database.prepare(FENCE_OFF)
    this.#holds = database.prepare('SELECT 1 FROM attempts WHERE id = ? AND owner = ?')
    this.#free = database.prepare(
      'UPDATE attempts SET owner = NULL, lease_until = 0 WHERE id = ? AND owner = ?',
    )
    this.#owners = database.prepare(OWNERS)
    this.#freeAll = database.prepare(FREE_ALL)
    this.#building = database.prepare(`
      UPDATE attempts SET tally_id = CASE status WHEN 'running' THEN ? ELSE tally_id END
      WHERE id = ? AND owner = ?`)
    this.#isBuilding = database.prepare(IS_BUILDING)
    this.#latest = database.prepare(latest('*'))
    this.#latestId = database.prepare(latest('id'))
    this.#standing = database.prepare(STANDING)
    this.#kept = database.prepare(KEPT_NEWEST)
    this.#leased = database.prepare(LEASED)
    // A confirmed attempt stays confirmed.
    this.#set = database.prepare(`
      UPDATE attempts SET status = ?, tally_id = coalesce(?, tally_id)
      WHERE id = ? AND status <> 'confirmed'`)
  }

  /**
   * Stores an attempt with its lease. An attempt that is there already gets the lease, the newer consent, and one more
   * session. Leases on other attempts on the same link end.
   */
  begin(attempt: Omit<Attempt, 'sessions'>, lease: Lease): void {
    const { consented } = attempt
    this.#begin.run(
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
      lease.owner,
      lease.until,
    )
    this.#fenceOff.run(attempt.linkHash, attempt.attemptId)
  }

  holds(attemptId: string, owner: string): boolean {
    return this.#holds.get(attemptId, owner) !== undefined
  }

  /** Gives the lease back. False if somebody else holds it. */
  free(attemptId: string, owner: string): boolean {
    return this.#free.run(attemptId, owner).changes !== 0
  }

  /** Returns the names of the processes that hold a lease. */
  holders(): readonly string[] {
    const names = this.#owners.all().map((row) => holderOf(text(row, 'owner')))
    return [...new Set(names)].filter((name) => name !== '')
  }

  freeAll(holder: string): void {
    this.#freeAll.run(`${holder}/`)
  }

  /** Notes which tally is being built. False if somebody else holds the lease. Only a running attempt takes the id. */
  noteBuilding(attemptId: string, owner: string, tallyId: string): boolean {
    return this.#building.run(tallyId, attemptId, owner).changes !== 0
  }

  /** True if the holder of an attempt may be building a database of that id. */
  isBuilding(tallyId: string, now: number): boolean {
    return this.#isBuilding.get(tallyId, now) !== undefined
  }

  /** Returns the newest attempt on a link. */
  latest(linkHash: string): Attempt | undefined {
    const row = this.#latest.get(linkHash)
    return row === undefined ? undefined : toAttempt(row)
  }

  latestId(linkHash: string): string | undefined {
    const row = this.#latestId.get(linkHash)
    return row === undefined ? undefined : text(row, 'id')
  }

  /** Returns the newest attempt on a link that led to a tally here, first of those whose tally was not withdrawn. */
  kept(linkHash: string): Attempt | undefined {
    const row = this.#standing.get(linkHash) ?? this.#kept.get(linkHash)
    return row === undefined ? undefined : toAttempt(row)
  }

  /** True if a lease stands on any attempt on the link. */
  isLeased(linkHash: string, now: number): boolean {
    return this.#leased.get(linkHash, now) !== undefined
  }

  set(attemptId: string, status: Attempt['status'], tallyId?: string): void {
    this.#set.run(status, tallyId ?? null, attemptId)
  }
}

/** @throws RowInvalidError */
export function toAttempt(row: Row): Attempt {
  return compact({
    attemptId: text(row, 'id'),
    bootstrapId: text(row, 'bootstrap_id'),
    linkHash: text(row, 'link_hash'),
    tokenId: text(row, 'token_id'),
    inviter: text(row, 'inviter'),
    role: text(row, 'role') === 'foil' ? ('foil' as const) : ('stock' as const),
    requestHash: text(row, 'request_hash'),
    identity: partyIdentity(row, 'identity'),
    cadre: texts(row, 'cadre'),
    consented: consent(row),
    status: STATUSES.find((status) => status === row['status']) ?? ('ended' as const),
    tallyId: optionalText(row, 'tally_id'),
    lease: leaseOf(row),
    sessions: integer(row, 'sessions'),
    createdAt: integer(row, 'created_at'),
  })
}

function leaseOf(row: Row): Lease | undefined {
  const owner = optionalText(row, 'owner')
  return owner === undefined ? undefined : { owner, until: integer(row, 'lease_until') }
}

/** Returns the process in an owner's name. */
function holderOf(owner: string): string {
  return owner.split('/', 1)[0] ?? ''
}

function consent(row: Row): Attempt['consented'] {
  return row['consented_terms'] === null
    ? undefined
    : { terms: json(row, 'consented_terms'), required: texts(row, 'consented_required') }
}
