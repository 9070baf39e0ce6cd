import { isDeepStrictEqual } from 'node:util'
import { dialerFacts } from '../dialer/dialer-facts.ts'
import { listenerFacts } from '../listener/listener-facts.ts'
import type { JournalEntry, SessionSummary } from '../ports/session-summary.ts'
import type { SessionFacts } from '../run/session-machine.ts'
import { JournalError, replayJournal } from './replay-journal.ts'
import { stepTimesOf } from './step-times.ts'

/** A field whose stored value differs from the journal's; undefined where it is missing. */
export interface ReplayDifference {
  readonly field: string
  readonly replayed: unknown
  readonly stored: unknown
}

/** The comparison of a journal with the stored session. */
export interface ReplayVerdict {
  /** The state that the journal leads to; undefined if the journal is broken. */
  readonly state: string | undefined
  readonly differences: readonly ReplayDifference[]
  /** The place where the journal is broken. */
  readonly broken: JournalError | undefined
}

/** Replays a session's journal by the machine alone, and compares the result with the stored session. */
export function checkReplay(
  summary: SessionSummary,
  entries: readonly JournalEntry[],
): ReplayVerdict {
  try {
    const replayed = replayedFacts(summary, entries)
    const differences = [
      ...factsDiffering(replayed, summary),
      ...stepsDiffering(summary, entries),
      ...durationDiffering(summary),
    ]
    return { state: replayed.state, differences, broken: undefined }
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    return { state: undefined, differences: [], broken: error }
  }
}

function replayedFacts(summary: SessionSummary, entries: readonly JournalEntry[]): SessionFacts {
  const state = replayJournal(summary, entries)
  return 'caller' in state ? listenerFacts(state, summary) : dialerFacts(state)
}

function factsDiffering(
  replayed: SessionFacts,
  summary: SessionSummary,
): readonly ReplayDifference[] {
  const { side: _side, startedAt: _at, endedAt: _end, ...rest } = summary
  const { durationMs: _ms, steps: _steps, exchange: _exchange, ...stored } = rest
  return Object.keys({ ...replayed, ...stored }).flatMap((field) => {
    const [told, kept] = [Reflect.get(replayed, field), Reflect.get(stored, field)]
    return told === kept ? [] : [{ field, replayed: told, stored: kept }]
  })
}

/** Compares the times of the steps with those in the journal. */
function stepsDiffering(
  { endedAt, steps = [] }: SessionSummary,
  entries: readonly JournalEntry[],
): readonly ReplayDifference[] {
  if (endedAt === undefined) return []
  const crashed = JSON.stringify({ type: 'crashed' })
  const replayed = stepTimesOf(entries.filter(({ event }) => event !== crashed))
  return isDeepStrictEqual(replayed, steps) ? [] : [{ field: 'steps', replayed, stored: steps }]
}

/** Compares the sum of the steps with the whole, to the microsecond that is kept. */
function durationDiffering({ durationMs, steps }: SessionSummary): readonly ReplayDifference[] {
  if (durationMs === undefined || steps === undefined) return []
  const us = steps.reduce((all, { ms }) => all + Math.round(ms * 1000), 0)
  return us === Math.round(durationMs * 1000)
    ? []
    : [{ field: 'durationMs', replayed: us / 1000, stored: durationMs }]
}
