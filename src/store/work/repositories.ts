import type { DatabaseSync } from 'node:sqlite'
import { AuditLog } from '../audit/audit-log.ts'
import { AuditPruner } from '../audit/audit-pruner.ts'
import { AuditReader } from '../audit/audit-reader.ts'
import { AuditTree } from '../audit/audit-tree.ts'
import { AuditWalk } from '../audit/audit-walk.ts'
import { Checkpoints } from '../audit/checkpoints.ts'
import { Segments } from '../audit/segments.ts'
import { WitnessedCheckpoints } from '../audit/witnessed-checkpoints.ts'
import { Meta } from '../file/meta.ts'
import { Attempts } from '../ledger/attempts.ts'
import { Declines } from '../ledger/declines.ts'
import { Expiries } from '../ledger/expiries.ts'
import { HighestTime } from '../ledger/highest-time.ts'
import { KnownIds } from '../ledger/known-ids.ts'
import { LostUses } from '../ledger/lost-uses.ts'
import { Notices } from '../ledger/notices.ts'
import { Prospects } from '../ledger/prospects.ts'
import { Reaping } from '../ledger/reaping.ts'
import { Redemptions } from '../ledger/redemptions.ts'
import { Removals } from '../ledger/removals.ts'
import { Reservations } from '../ledger/reservations.ts'
import { Tallies } from '../ledger/tallies.ts'
import { TallyEvidence } from '../ledger/tally-evidence.ts'
import { Tokens } from '../ledger/tokens.ts'
import { Usage } from '../ledger/usage.ts'
import { SessionLog } from '../sessions/session-log.ts'
import { SessionPruner } from '../sessions/session-pruner.ts'

/** The tables, each with its prepared statements. */
export interface Repositories {
  readonly attempts: Attempts
  readonly audit: AuditLog
  readonly auditPruner: AuditPruner
  /** Reads the audit for its verification. */
  readonly auditWalk: AuditWalk
  readonly checkpoints: Checkpoints
  readonly auditReader: AuditReader
  readonly declines: Declines
  readonly expiry: Expiries
  readonly ids: KnownIds
  readonly lostUses: LostUses
  readonly meta: Meta
  readonly prospects: Prospects
  readonly pruner: SessionPruner
  readonly notices: Notices
  readonly reaping: Reaping
  readonly redemptions: Redemptions
  readonly removals: Removals
  readonly reservations: Reservations
  readonly segments: Segments
  readonly sessions: SessionLog
  readonly tallies: Tallies
  /** Reads other rows about the tallies, for their verification. */
  readonly tallyEvidence: TallyEvidence
  readonly time: HighestTime
  readonly tokens: Tokens
  /** The tree over the audit. */
  readonly tree: AuditTree
  readonly usage: Usage
  /** Checkpoints of other parties' audits. */
  readonly witnessed: WitnessedCheckpoints
}

export function openRepositories(database: DatabaseSync): Repositories {
  return {
    attempts: new Attempts(database),
    audit: new AuditLog(database),
    auditPruner: new AuditPruner(database),
    auditWalk: new AuditWalk(database),
    checkpoints: new Checkpoints(database),
    auditReader: new AuditReader(database),
    declines: new Declines(database),
    expiry: new Expiries(database),
    ids: new KnownIds(database),
    lostUses: new LostUses(database),
    meta: new Meta(database),
    prospects: new Prospects(database),
    pruner: new SessionPruner(database),
    notices: new Notices(database),
    reaping: new Reaping(database),
    redemptions: new Redemptions(database),
    removals: new Removals(database),
    reservations: new Reservations(database),
    segments: new Segments(database),
    sessions: new SessionLog(database),
    tallies: new Tallies(database),
    tallyEvidence: new TallyEvidence(database),
    time: new HighestTime(database),
    tokens: new Tokens(database),
    tree: new AuditTree(database),
    usage: new Usage(database),
    witnessed: new WitnessedCheckpoints(database),
  }
}
