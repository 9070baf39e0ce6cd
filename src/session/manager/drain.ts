import { compact } from '../../protocol/base/compact.ts'
import { DRAINING } from '../admission/refusals.ts'
import type { ListenerSession } from '../listener/listener-session.ts'
import type { Clock } from '../ports/clock.ts'
import type { RunningSessions } from './running-sessions.ts'

/**
 * How long after the drain time what is left may take to be parked, in ms: one commit, the last words, and the other
 * side's half of closing the stream. With stopping the node it must fit into two seconds.
 */
const PARK_MS = 1_000

/** The sessions that did not finish before a drain ended. */
export interface Drained {
  /** How many had to be ended. */
  readonly cut: number
  /** How many of them hold a use, which is kept for their peer's next try. */
  readonly parked: number
  /**
   * The sessions of which it is not known what is on the disk, because that has not answered in time: what is there
   * decides, when it is opened again. Left out if there are none.
   */
  readonly inDoubt?: readonly string[]
}

/** The work that is to come to an end. */
export interface Drainable {
  readonly clock: Clock
  readonly live: RunningSessions
  /** Sessions that are over, with streams that are not. */
  readonly lingering: ReadonlySet<ListenerSession>
  /** Resolves when nothing is under way that no session waits for. */
  restOver(): Promise<unknown>
}

/**
 * Refuses peers that hold nothing yet, lets the others finish for `ms`, parks the rest, and gives what is left no longer
 * than `PARK_MS`. Nothing new may come any more.
 */
export async function drainSessions(all: Drainable, ms: number): Promise<Drained> {
  const { clock, live } = all
  for (const session of live.listeners.keys()) if (session.holdsNothing) session.cancel(DRAINING)
  await live.quiet(ms)
  const cut = [...live.listeners.keys()]
  const dialers = [...live.dialers]
  const until = clock.monotonic() + PARK_MS
  for (const session of cut) session.park(DRAINING)
  for (const session of dialers) session.cancel(DRAINING.reason)
  await live.quiet(PARK_MS)
  for (const session of [...live.listeners.keys(), ...live.dialers]) session.giveUp()
  for (const session of all.lingering) void session.tail.cut()
  await within(clock, until - clock.monotonic(), all.restOver())
  const isStored = ({ sessionId }: ListenerSession) => !live.inDoubt.has(sessionId)
  const parked = cut.filter((each) => each.isParked && isStored(each)).length
  const inDoubt = [...live.inDoubt]
  return compact({
    cut: cut.length + dialers.length,
    parked,
    inDoubt: inDoubt.length > 0 ? inDoubt : undefined,
  })
}

/** Resolves when the work is done, or after `ms`. */
export function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(Math.max(0, ms), resolve)
    void work.finally(() => {
      timer.clear()
      resolve()
    })
  })
}
