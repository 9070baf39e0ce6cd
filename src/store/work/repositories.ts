import type { DatabaseSync } from 'node:sqlite'
import { AuditLog } from '../audit/audit-log.ts'
import { WitnessedCheckpoints } from '../audit/witnessed-checkpoints.ts'
import { Attempts } from '../ledger/attempts.ts'
import { Declines } from '../ledger/declines.ts'
import { Expiries } from '../ledger/expiries.ts'
import { HighestTime } from '../ledger/highest-time.ts'
import { LostUses } from '../ledger/lost-uses.ts'
import { Notices } from '../ledger/notices.ts'
import { Prospects } from '../ledger/prospects.ts'
import { Reaping } from '../ledger/reaping.ts'
import { Redemptions } from '../ledger/redemptions.ts'
import { Removals } from '../ledger/removals.ts'
import { Reservations } from '../ledger/reservations.ts'
import { Tallies } from '../ledger/tallies.ts'
import { Tokens } from '../ledger/tokens.ts'
import { Denials } from '../requests/denials.ts'
import { PendingRequests } from '../requests/pending-requests.ts'
import { SessionLog } from '../sessions/session-log.ts'
import { SessionPruner } from '../sessions/session-pruner.ts'

/** The tables, each with its prepared statements. */
export class Repositories {
  readonly attempts: Attempts
  readonly audit: AuditLog
  readonly declines: Declines
  /** The inviter's no to requests. */
  readonly denials: Denials
  readonly expiry: Expiries
  readonly lostUses: LostUses
  readonly prospects: Prospects
  readonly pruner: SessionPruner
  readonly notices: Notices
  readonly reaping: Reaping
  readonly redemptions: Redemptions
  readonly removals: Removals
  /** Requests that wait for the inviter's word. */
  readonly requests: PendingRequests
  readonly reservations: Reservations
  readonly sessions: SessionLog
  readonly tallies: Tallies
  readonly time: HighestTime
  readonly tokens: Tokens
  /** Checkpoints of other parties' audits. */
  readonly witnessed: WitnessedCheckpoints

  constructor(database: DatabaseSync) {
    this.attempts = new Attempts(database)
    this.audit = new AuditLog(database)
    this.declines = new Declines(database)
    this.denials = new Denials(database)
    this.expiry = new Expiries(database)
    this.lostUses = new LostUses(database)
    this.prospects = new Prospects(database)
    this.notices = new Notices(database)
    this.reaping = new Reaping(database)
    this.redemptions = new Redemptions(database)
    this.removals = new Removals(database)
    this.requests = new PendingRequests(database)
    this.reservations = new Reservations(database)
    this.sessions = new SessionLog(database)
    this.pruner = new SessionPruner(database, this.sessions)
    this.tallies = new Tallies(database)
    this.time = new HighestTime(database)
    this.tokens = new Tokens(database)
    this.witnessed = new WitnessedCheckpoints(database)
  }
}
