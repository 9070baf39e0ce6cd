import type { DatabaseSync } from 'node:sqlite'
import { AttemptBook } from './attempt-book.ts'
import { AuditLog } from './audit-log.ts'
import { DeclineBook } from './decline-book.ts'
import { Meta } from './meta.ts'
import { RedemptionLedger } from './redemption-ledger.ts'
import { SessionLog } from './session-log.ts'
import { TallyBook } from './tally-book.ts'
import { TokenBook } from './token-book.ts'

/** The tables, each with its prepared statements. */
export interface Books {
  readonly attempts: AttemptBook
  readonly audit: AuditLog
  readonly declines: DeclineBook
  readonly meta: Meta
  readonly redemptions: RedemptionLedger
  readonly sessions: SessionLog
  readonly tallies: TallyBook
  readonly tokens: TokenBook
}

export function openBooks(database: DatabaseSync): Books {
  return {
    attempts: new AttemptBook(database),
    audit: new AuditLog(database),
    declines: new DeclineBook(database),
    meta: new Meta(database),
    redemptions: new RedemptionLedger(database),
    sessions: new SessionLog(database),
    tallies: new TallyBook(database),
    tokens: new TokenBook(database),
  }
}
