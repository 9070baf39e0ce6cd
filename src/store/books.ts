import type { DatabaseSync } from 'node:sqlite'
import { AttemptBook } from './attempt-book.ts'
import { AuditLog } from './audit-log.ts'
import { DeclineBook } from './decline-book.ts'
import { Meta } from './meta.ts'
import { ReapBook } from './reap-book.ts'
import { RedemptionBook } from './redemption-book.ts'
import { RemovalBook } from './removal-book.ts'
import { Reservations } from './reservations.ts'
import { SessionLog } from './session-log.ts'
import { SessionPruner } from './session-pruner.ts'
import { TallyBook } from './tally-book.ts'
import { TimeBook } from './time-book.ts'
import { TokenBook } from './token-book.ts'

/** The tables, each with its prepared statements. */
export interface Books {
  readonly attempts: AttemptBook
  readonly audit: AuditLog
  readonly declines: DeclineBook
  readonly meta: Meta
  readonly pruner: SessionPruner
  readonly reaping: ReapBook
  readonly redemptions: RedemptionBook
  readonly removals: RemovalBook
  readonly reservations: Reservations
  readonly sessions: SessionLog
  readonly tallies: TallyBook
  readonly time: TimeBook
  readonly tokens: TokenBook
}

export function openBooks(database: DatabaseSync): Books {
  return {
    attempts: new AttemptBook(database),
    audit: new AuditLog(database),
    declines: new DeclineBook(database),
    meta: new Meta(database),
    pruner: new SessionPruner(database),
    reaping: new ReapBook(database),
    redemptions: new RedemptionBook(database),
    removals: new RemovalBook(database),
    reservations: new Reservations(database),
    sessions: new SessionLog(database),
    tallies: new TallyBook(database),
    time: new TimeBook(database),
    tokens: new TokenBook(database),
  }
}
