import type { Tables } from '../work/tables.ts'
import { memoryAttempts } from './memory-attempts.ts'
import { memoryDeclines, memoryLostUses, memoryNotices, memoryRemovals } from './memory-duties.ts'
import { memoryReaping } from './memory-reaping.ts'
import { memoryRedemptions } from './memory-redemptions.ts'
import { memoryDenials, memoryRequests } from './memory-requests.ts'
import { MemoryReservations } from './memory-reservations.ts'
import { memoryPruner, memorySessions } from './memory-sessions.ts'
import { memoryTallies } from './memory-tallies.ts'
import { memoryExpiries, memoryTokens } from './memory-token-tables.ts'
import { memoryAudit, memoryTime, memoryWitnessed } from './memory-trail.ts'
import type { Rows } from './rows.ts'

/** The tables on rows that are plain values. */
export function tablesOn(rows: Rows): Tables {
  const reservations = new MemoryReservations(rows)
  return {
    attempts: memoryAttempts(rows),
    audit: memoryAudit(rows),
    declines: memoryDeclines(rows),
    denials: memoryDenials(rows),
    expiry: memoryExpiries(rows),
    lostUses: memoryLostUses(rows),
    notices: memoryNotices(rows),
    pruner: memoryPruner(rows),
    reaping: memoryReaping(rows),
    prospects: reservations,
    redemptions: memoryRedemptions(rows),
    removals: memoryRemovals(rows),
    requests: memoryRequests(rows),
    reservations,
    sessions: memorySessions(rows),
    tallies: memoryTallies(rows),
    time: memoryTime(rows),
    tokens: memoryTokens(rows),
    witnessed: memoryWitnessed(rows),
  }
}
