import type { DialerEvent } from '../machine/dialer-event.ts'
import type { DialerState } from '../machine/dialer-state.ts'
import { dialerStart, dialerStep } from '../machine/dialer-table.ts'
import type { ListenerEvent } from '../machine/listener-event.ts'
import type { ListenerState } from '../machine/listener-state.ts'
import { listenerStart, listenerStep } from '../machine/listener-table.ts'
import type { JournalEntry, SessionSummary } from '../ports/session-summary.ts'

interface BrokenAt extends ErrorOptions {
  readonly seq: number
  readonly problem: string
}

/** A session's journal does not lead to its stored state. */
export class JournalError extends Error {
  override readonly name = 'JournalError'
  readonly code = 'journal_broken'
  readonly sessionId: string
  /** The entry that does not fit. */
  readonly seq: number

  constructor(sessionId: string, { seq, problem, ...options }: BrokenAt) {
    super(`the journal of session ${sessionId} is broken at entry ${seq}: ${problem}`, options)
    this.sessionId = sessionId
    this.seq = seq
  }
}

/**
 * Returns the state to which the journalled events lead, by the pure step functions alone. Drafts have no text in it:
 * the journal holds their hashes.
 * @throws JournalError if an entry is missing, can't be read, or does not lead to the state that it names
 */
export function replayJournal(
  summary: Pick<SessionSummary, 'id' | 'side' | 'peerId'>,
  entries: readonly JournalEntry[],
): ListenerState | DialerState {
  const { id, side, peerId } = summary
  if (side === 'listener') {
    return replay(id, entries, listenerStart(id, peerId), (state, event) => {
      return listenerStep(state, event as ListenerEvent).state
    })
  }
  const [first] = entries
  const started =
    first === undefined ? undefined : followed(id, 1, () => JSON.parse(first.event) as DialerEvent)
  if (started?.type !== 'started')
    throw new JournalError(id, { seq: 1, problem: 'it does not begin with a plan' })
  return replay(id, entries, dialerStart(started.plan), (state, event) => {
    return dialerStep(state, event as DialerEvent).state
  })
}

function replay<State extends { readonly name: string }>(
  id: string,
  entries: readonly JournalEntry[],
  start: State,
  step: (state: State, event: unknown) => State,
): State {
  return entries.reduce((state, { seq, from, to, event }, index) => {
    if (seq !== index + 1)
      throw new JournalError(id, { seq: index + 1, problem: 'the entry is missing' })
    if (state.name !== from)
      throw new JournalError(id, { seq: seq, problem: `it leaves ${from}, not ${state.name}` })
    const next = followed(id, seq, () => step(state, JSON.parse(event)))
    if (next.name !== to)
      throw new JournalError(id, { seq: seq, problem: `it leads to ${next.name}, not ${to}` })
    return next
  }, start)
}

/** Runs a step: the machine has an answer for every event, so whatever throws is not an event. */
function followed<Result>(id: string, seq: number, work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    throw new JournalError(id, { seq: seq, problem: 'its event can’t be read', cause })
  }
}
