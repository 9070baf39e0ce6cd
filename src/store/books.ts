import type { DatabaseSync } from 'node:sqlite'
import { AttemptBook } from './attempt-book.ts'
import { AuditBlocks } from './audit-blocks.ts'
import { AuditLog } from './audit-log.ts'
import { AuditPruner } from './audit-pruner.ts'
import { AuditReader } from './audit-reader.ts'
import { AuditTree } from './audit-tree.ts'
import { AuditWalk } from './audit-walk.ts'
import { CheckpointBook } from './checkpoint-book.ts'
import { DeclineBook } from './decline-book.ts'
import { ExpiryBook } from './expiry-book.ts'
import { IdBook } from './id-book.ts'
import { Meta } from './meta.ts'
import { NoticeBook } from './notice-book.ts'
import { ReapBook } from './reap-book.ts'
import { RedemptionBook } from './redemption-book.ts'
import { RemovalBook } from './removal-book.ts'
import { Reservations } from './reservations.ts'
import { SegmentBook } from './segment-book.ts'
import { SessionLog } from './session-log.ts'
import { SessionPruner } from './session-pruner.ts'
import { TallyBook } from './tally-book.ts'
import { TimeBook } from './time-book.ts'
import { TokenBook } from './token-book.ts'
import { UsageBook } from './usage-book.ts'
import { WitnessBook } from './witness-book.ts'

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
