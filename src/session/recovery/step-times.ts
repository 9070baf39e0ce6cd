import type { JournalEntry, StepTime } from '../ports/session-summary.ts'

/** How long a session was in each state that it left, by its journal. */
export function stepTimesOf(entries: readonly JournalEntry[]): readonly StepTime[] {
  return entries.filter(({ from, to }) => from !== to).map(({ from, ms }) => ({ state: from, ms }))
}
