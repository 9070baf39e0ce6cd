import type { SessionSummary } from '../../src/session/ports/session-summary.ts'
import { checkReplay } from '../../src/session/recovery/check-replay.ts'
import type { Store } from '../../src/store/transaction/store.ts'

/** I7: what is stored of a session and does not follow from its journal; undefined if all of it does. */
export function replayProblem(store: Store, summary: SessionSummary): string | undefined {
  const { broken, differences } = checkReplay(
    summary,
    store.repositories.sessions.entries(summary.id),
  )
  if (broken !== undefined) return String(broken)
  const [first] = differences
  if (first === undefined) return undefined
  const [replayed, stored] = [first.replayed, first.stored].map((each) => JSON.stringify(each))
  return `its journal says that ${first.field} is ${replayed}, not ${stored}`
}
