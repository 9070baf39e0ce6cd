import type { DatabaseSync } from 'node:sqlite'
import { AuditBlocks } from '../audit/audit-blocks.ts'
import { AuditLog } from '../audit/audit-log.ts'
import { AuditPruner } from '../audit/audit-pruner.ts'
import { AuditReader } from '../audit/audit-reader.ts'
import { AuditTree } from '../audit/audit-tree.ts'
import { AuditWalk } from '../audit/audit-walk.ts'
import { CheckpointBook } from '../audit/checkpoints.ts'
import { SegmentBook } from '../audit/segments.ts'
import { WitnessBook } from '../audit/witnessed-checkpoints.ts'
import { Meta } from '../file/meta.ts'
import { AttemptBook } from '../ledger/attempts.ts'
import { DeclineBook } from '../ledger/declines.ts'
import { ExpiryBook } from '../ledger/expiries.ts'
import { TimeBook } from '../ledger/highest-time.ts'
import { IdBook } from '../ledger/known-ids.ts'
import { NoticeBook } from '../ledger/notices.ts'
import { ReapBook } from '../ledger/reaping.ts'
import { RedemptionBook } from '../ledger/redemptions.ts'
import { RemovalBook } from '../ledger/removals.ts'
import { Reservations } from '../ledger/reservations.ts'
import { TallyBook } from '../ledger/tallies.ts'
import { TokenBook } from '../ledger/tokens.ts'
import { UsageBook } from '../ledger/usage.ts'
import { SessionLog } from '../sessions/session-log.ts'
import { SessionPruner } from '../sessions/session-pruner.ts'

/** The tables, each with its prepared statements. */
export interface Books {
  readonly attempts: AttemptBook
  readonly audit: AuditLog
  /** Which stretches of the audit may name an id. */
  readonly auditBlocks: AuditBlocks
  readonly auditPruner: AuditPruner
  /** The audit as its check reads it. */
  readonly auditWalk: AuditWalk
  readonly checkpoints: CheckpointBook
  readonly auditReader: AuditReader
  readonly declines: DeclineBook
  readonly expiry: ExpiryBook
  readonly ids: IdBook
  readonly meta: Meta
  readonly pruner: SessionPruner
  readonly notices: NoticeBook
  readonly reaping: ReapBook
  readonly redemptions: RedemptionBook
  readonly removals: RemovalBook
  readonly reservations: Reservations
  readonly segments: SegmentBook
  readonly sessions: SessionLog
  readonly tallies: TallyBook
  readonly time: TimeBook
  readonly tokens: TokenBook
  /** The tree over the audit. */
  readonly tree: AuditTree
  readonly usage: UsageBook
  /** Checkpoints of other parties' audits. */
  readonly witnessed: WitnessBook
}

export function openBooks(database: DatabaseSync): Books {
  const auditBlocks = new AuditBlocks(database)
  return {
    attempts: new AttemptBook(database),
    audit: new AuditLog(database),
    auditBlocks,
    auditPruner: new AuditPruner(database, auditBlocks),
    auditWalk: new AuditWalk(database),
    checkpoints: new CheckpointBook(database),
    auditReader: new AuditReader(database, auditBlocks),
    declines: new DeclineBook(database),
    expiry: new ExpiryBook(database),
    ids: new IdBook(database),
    meta: new Meta(database),
    pruner: new SessionPruner(database),
    notices: new NoticeBook(database),
    reaping: new ReapBook(database),
    redemptions: new RedemptionBook(database),
    removals: new RemovalBook(database),
    reservations: new Reservations(database),
    segments: new SegmentBook(database),
    sessions: new SessionLog(database),
    tallies: new TallyBook(database),
    time: new TimeBook(database),
    tokens: new TokenBook(database),
    tree: new AuditTree(database),
    usage: new UsageBook(database),
    witnessed: new WitnessBook(database),
  }
}
