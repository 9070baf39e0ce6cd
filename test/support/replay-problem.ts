import { dialerFacts } from '../../src/session/dialer/dialer-facts.ts'
import { listenerFacts } from '../../src/session/listener/listener-facts.ts'
import type { JournalEntry, SessionSummary } from '../../src/session/ports/session-summary.ts'
import { replayJournal } from '../../src/session/replay.ts'
import { stepTimesOf } from '../../src/session/step-times.ts'
import type { Store } from '../../src/store/store.ts'

/** I7: what is stored of a session and does not follow from its journal; undefined if all of it does. */
export function replayProblem(store: Store, summary: SessionSummary): string | undefined {
  const entries = store.books.sessions.entries(summary.id)
  try {
    return factsProblem(summary, entries) ?? stepsProblem(summary, entries)
  } catch (error) {
    return String(error)
  }
}

function factsProblem(
  summary: SessionSummary,
  entries: readonly JournalEntry[],
): string | undefined {
  const { side: _side, startedAt: _at, endedAt: _end, ...rest } = summary
  const { durationMs: _ms, steps: _steps, exchange: _exchange, ...stored } = rest
  const state = replayJournal(summary, entries)
  const told =
    'caller' in state ? listenerFacts(state, summary.remoteAddress ?? '') : dialerFacts(state)
  const differing = Object.keys({ ...told, ...stored }).find(
    (name) => Reflect.get(told, name) !== Reflect.get(stored, name),
  )
  if (differing === undefined) return undefined
  const [replayed, kept] = [Reflect.get(told, differing), Reflect.get(stored, differing)]
  return `its journal says that ${differing} is ${replayed}, not ${kept}`
}

/** The times of the steps are those in the journal, and sum up to the whole. */
function stepsProblem(
  { endedAt, durationMs, steps = [] }: SessionSummary,
  entries: readonly JournalEntry[],
): string | undefined {
  if (endedAt === undefined) return undefined
  const crashed = JSON.stringify({ type: 'crashed' })
  const told = JSON.stringify(stepTimesOf(entries.filter(({ event }) => event !== crashed)))
  if (told !== JSON.stringify(steps))
    return `its journal says ${told}, not ${JSON.stringify(steps)}`
  const sum = steps.reduce((all, { ms }) => all + Math.round(ms * 1000), 0)
  return durationMs === undefined || sum === Math.round(durationMs * 1000)
    ? undefined
    : `its steps sum up to ${sum / 1000} ms, not ${durationMs}`
}
