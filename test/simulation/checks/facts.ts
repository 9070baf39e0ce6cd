import type { DatabaseSync, StatementSync } from 'node:sqlite'

export interface TallyFact {
  readonly tallyId: string
  /** The node's own half; who holds stock builds. */
  readonly role: string
  readonly partner: string
  readonly draft: string
  readonly status: string
  readonly redemptionId: string
}

export interface RedemptionFact {
  readonly seq: number
  readonly id: string
  readonly tokenId: string
  readonly peerId: string
  readonly state: string
  readonly delivery: string | null
  readonly tallyId: string
  /** By the inviter's clock, milliseconds since the epoch. */
  readonly approvedAt: number
  /** When its answer was given last, by the same clock. */
  readonly givenAt: number
  /** When it was taken back, if it was. */
  readonly withdrawnAt: number | undefined
}

/** Questions about one database, asked past the code that is under test. */
export class Facts {
  readonly #broken: StatementSync
  readonly #over: StatementSync
  readonly #tallies: StatementSync
  readonly #redemptions: StatementSync
  readonly #revoked: StatementSync
  readonly #denied: StatementSync
  readonly #tables: StatementSync
  readonly #reservedOn: StatementSync
  readonly #unsettled: StatementSync

  constructor(database: DatabaseSync) {
    this.#broken = database.prepare('SELECT rule, what FROM temp.broken LIMIT 1')
    this.#over = database.prepare(`
      SELECT r.token_id AS token, count(*) AS taken, t.uses AS uses
      FROM redemptions r JOIN tokens t ON t.id = r.token_id
      WHERE r.state <> 'released' GROUP BY r.token_id HAVING taken > t.uses`)
    this.#tallies = database.prepare(`
      SELECT tally_id, role, partner, draft_sha256, redemption_id,
        iif(withdrawn_at IS NULL, status, 'withdrawn') AS status FROM tallies`)
    this.#redemptions = database.prepare(`
      SELECT seq, id, token_id, peer_id, state, delivery, tally_id, approved_at, changed_at,
        withdrawn_at
      FROM redemptions ORDER BY seq`)
    this.#revoked = database.prepare(
      'SELECT revoked_at FROM tokens WHERE id = ? AND forgotten_at IS NULL',
    )
    this.#denied = database.prepare('SELECT 1 FROM denials WHERE token_id = ? AND peer_id = ?')
    this.#unsettled = database.prepare(`
      SELECT 1 FROM removals UNION ALL SELECT 1 FROM notices UNION ALL SELECT 1 FROM pending_requests UNION ALL SELECT 1 FROM redemptions WHERE reserved_until IS NOT NULL
      UNION ALL SELECT 1 FROM sessions WHERE ended_at IS NULL LIMIT 1`)
    this.#reservedOn = database.prepare(`
      SELECT r.id, r.seq, r.revision, t.draft FROM redemptions r
      LEFT JOIN tallies t ON t.redemption_id = r.id WHERE r.token_id = ?`)
    this.#tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
  }

  get broken(): { readonly rule: string; readonly what: string } | undefined {
    const row = this.#broken.get()
    return row && { rule: String(row['rule']), what: String(row['what']) }
  }

  /** A token of which more is taken than there is. */
  get overdrawn(): string | undefined {
    const row = this.#over.get()
    return row && `token ${row['token']} has ${row['uses']} uses, and ${row['taken']} are taken`
  }

  get tallies(): readonly TallyFact[] {
    return this.#tallies.all().map((row) => ({
      tallyId: String(row['tally_id']),
      role: String(row['role']),
      partner: String(row['partner']),
      draft: String(row['draft_sha256']),
      status: String(row['status']),
      redemptionId: String(row['redemption_id']),
    }))
  }

  get redemptions(): readonly RedemptionFact[] {
    return this.#redemptions.all().map((row) => ({
      seq: Number(row['seq']),
      id: String(row['id']),
      tokenId: String(row['token_id']),
      peerId: String(row['peer_id']),
      state: String(row['state']),
      delivery: row['delivery'] === null ? null : String(row['delivery']),
      tallyId: String(row['tally_id']),
      approvedAt: Number(row['approved_at']),
      givenAt: Number(row['changed_at']),
      withdrawnAt: row['withdrawn_at'] === null ? undefined : Number(row['withdrawn_at']),
    }))
  }

  /** On which terms each use of a token was reserved, and the draft that came of it. */
  reservedOn(tokenId: string) {
    return this.#reservedOn.all(tokenId).map((row) => ({
      id: String(row['id']),
      seq: Number(row['seq']),
      revision: Number(row['revision']),
      draft: typeof row['draft'] === 'string' ? row['draft'] : undefined,
    }))
  }

  isRevoked(tokenId: string): boolean {
    return typeof this.#revoked.get(tokenId)?.['revoked_at'] === 'number'
  }

  /** The inviter has said no to that peer. */
  isDenied(tokenId: string, peerId: string): boolean {
    return this.#denied.get(tokenId, peerId) !== undefined
  }

  /** Its row is there. */
  knows(tokenId: string): boolean {
    return this.#revoked.get(tokenId) !== undefined
  }

  /** Something is still owed, reserved or under way. */
  get isUnsettled(): boolean {
    return this.#unsettled.get() !== undefined
  }

  get tables(): readonly string[] {
    return this.#tables.all().map(({ name }) => String(name))
  }
}

const known = new WeakMap<DatabaseSync, Facts>()

export function factsOf(database: DatabaseSync): Facts {
  const facts = known.get(database) ?? new Facts(database)
  known.set(database, facts)
  return facts
}
