import { compact } from '../../protocol/base/compact.ts'
import { dialerFacts } from '../dialer/dialer-facts.ts'
import { listenerFacts } from '../listener/listener-facts.ts'
import type { DialerState } from '../machine/dialer-state.ts'
import { dialerStep } from '../machine/dialer-table.ts'
import type { ListenerState } from '../machine/listener-state.ts'
import { listenerStep } from '../machine/listener-table.ts'
import type { Clock } from '../ports/clock.ts'
import type { JournalEntry, OpenSession, SessionSummary, Side } from '../ports/session-summary.ts'
import type { SessionStore } from '../ports/store.ts'
import type { Work } from '../ports/work.ts'
import type { SessionFacts } from '../run/session-machine.ts'
import { SessionAudit } from '../trace/session-audit.ts'
import { JournalError, replayJournal } from './replay-journal.ts'
import { stepTimesOf } from './step-times.ts'

/** A session that its process did not finish, and that recovery closed. */
export interface RecoveredSession {
  readonly id: string
  readonly side: Side
  readonly peerId: string
  /** The state in which its process left it. */
  readonly state: string
  /** The listener's redemption or the dialer's attempt, if it came that far. */
  readonly redemptionId?: string
  /** True if its journal does not lead to that state. */
  readonly journalBroken: boolean
}

export interface RecoveryPorts {
  readonly store: SessionStore
  readonly clock: Clock
  /**
   * Returns true only if it is certain that the process of that name has ended: its leases are freed at once.
   * @default never certain: a lease is free when it has run out
   */
  isGone?(process: string): boolean | undefined
}

/** Sessions closed in one transaction. */
const BATCH = 500

/**
 * Closes the sessions that no process works on any more, as FAILED with reason `crashed`. The state comes from
 * replaying the journal, and the end from the same table as any other. Uses and attempts are left as they are: a peer
 * that comes back goes on with them, and their own deadlines end them.
 * @param dryRun changes nothing: only returns the sessions that would be closed
 * @throws StoreError
 */
export async function recoverSessions(
  ports: RecoveryPorts,
  side: Side,
  dryRun = false,
): Promise<readonly RecoveredSession[]> {
  const { store, clock, isGone } = ports
  const { attempts, sessions } = store.lookups
  const holders = side === 'dialer' && isGone !== undefined ? await attempts.holders() : []
  const gone = holders.filter((holder) => isGone?.(holder) === true)
  const limit = dryRun ? Number.MAX_SAFE_INTEGER : BATCH
  if (!dryRun && gone.length > 0) {
    // So that nobody waits for them to run out.
    const { outcome, durable } = store.submit(gone.map((holder) => ({ op: 'freeLeases', holder })))
    await Promise.all([outcome, durable])
  }
  const recovered: RecoveredSession[] = []
  for (;;) {
    const open = await sessions.open(side, clock.now(), limit, gone)
    const closed = dryRun ? open : await closeAll(open, store, clock)
    recovered.push(...closed.map(recoveredOf))
    if (dryRun || open.length < BATCH) return recovered
  }
}

/** Closes each by itself. @returns those that nobody else has closed meanwhile */
export async function closeAll(
  open: readonly OpenSession[],
  store: SessionStore,
  clock: Clock,
): Promise<readonly OpenSession[]> {
  const closing = open.map((session) => store.submit(closeCrashed(session, clock)))
  const outcomes = await Promise.all(closing.map(({ outcome }) => outcome))
  await Promise.all(closing.map(({ durable }) => durable))
  return open.filter((_session, place) => outcomes[place]?.kind === 'applied')
}

function recoveredOf({ summary, entries }: OpenSession): RecoveredSession {
  const { id, side, peerId, state, redemptionId } = summary
  const journalBroken = crashedFacts(summary, entries).detail === JOURNAL_BROKEN
  return compact({ id, side, peerId, state, redemptionId, journalBroken })
}

const JOURNAL_BROKEN = 'its journal does not lead to its state'

/** Returns the final state from the table; if the journal is broken, from the summary. */
function crashedFacts(summary: SessionSummary, entries: readonly JournalEntry[]): SessionFacts {
  try {
    const state = replayJournal(summary, entries)
    if (state.name !== summary.state)
      throw new JournalError(summary.id, { seq: entries.length, problem: 'too short' })
    return 'caller' in state ? listenerCrash(state, summary) : dialerCrash(state)
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    const { side: _, startedAt: __, ...facts } = summary
    return {
      ...facts,
      state: 'FAILED',
      reason: 'crashed',
      step: summary.state,
      detail: JOURNAL_BROKEN,
    }
  }
}

function listenerCrash(state: ListenerState, summary: SessionSummary): SessionFacts {
  return listenerFacts(listenerStep(state, { type: 'crashed' }).state, summary)
}

function dialerCrash(state: DialerState): SessionFacts {
  return dialerFacts(dialerStep(state, { type: 'crashed' }).state)
}

/** The work that closes one session whose process is gone. */
export function closeCrashed({ summary, entries }: OpenSession, clock: Clock): Work {
  const facts = crashedFacts(summary, entries)
  const now = clock.now()
  const last = entries.at(-1)
  const entry: JournalEntry = {
    seq: (last?.seq ?? 0) + 1,
    from: summary.state,
    to: facts.state,
    event: JSON.stringify({ type: 'crashed' }),
    at: now,
    // The process's monotonic clock died with it.
    ms: 0,
  }
  const { side, startedAt } = summary
  const steps = stepTimesOf(entries)
  const closed = { ...facts, side, startedAt, endedAt: now, steps }
  // A crash belongs in the audit at every audit level.
  const audit = new SessionAudit(side, clock, 'full')
  return [
    { op: 'saveSession', summary: closed, isNew: false, entries: [entry] },
    ...audit.path([entry], facts),
  ]
}
