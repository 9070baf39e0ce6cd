import { compact } from '../../protocol/base/compact.ts'
import type { Clock } from '../ports/clock.ts'
import type { JournalEntry, SessionSummary } from '../ports/session-summary.ts'
import type { SessionStore } from '../ports/store.ts'
import { recorded } from '../ports/written.ts'
import type { RunnerObserver } from '../run/runner-init.ts'
import type { SessionLook } from '../run/session-machine.ts'
import { closeAll } from './recover-sessions.ts'

/** Sessions that are remembered: more than one failure of the store ends. The next start closes those beyond it. */
const MAX_REMEMBERED = 10_000

export interface FailedCommitsPorts {
  readonly store: SessionStore
  readonly clock: Clock
  readonly observer: Pick<RunnerObserver, 'moved' | 'ended'>
}

/**
 * Sessions that ended because a commit failed. The store says that they are under way, until it can be written again and
 * they are closed there.
 */
export class FailedCommits {
  readonly #ports: FailedCommitsPorts
  readonly #ids = new Set<string>()

  constructor(ports: FailedCommitsPorts) {
    this.#ports = ports
  }

  /** Adds a session that is over, and tells of its end as the store will, should it know of the session at all. */
  add({ summary: last, idleMs: ms }: SessionLook): void {
    const { observer, clock } = this.#ports
    if (this.#ids.size < MAX_REMEMBERED) this.#ids.add(last.id)
    const at = clock.now()
    const summary = crashed(last, at)
    const event = JSON.stringify({ type: 'crashed' })
    const entry: JournalEntry = { seq: 0, from: last.state, to: summary.state, event, at, ms }
    observer.moved(summary, [entry], false)
    observer.ended(summary, { jsonDepth: 0, addresses: 0 })
  }

  /**
   * Closes them in the store, as recovery in a new process would. Uses and answers are left as they are: a peer that
   * comes back goes on with them. Does nothing if there is none.
   * @throws StoreError, and nothing has changed
   */
  async settle(): Promise<void> {
    const { store, clock } = this.#ports
    const ids = new Set(this.#ids)
    if (ids.size === 0) return
    // A call in the meantime finds nothing to do.
    this.#ids.clear()
    try {
      await close(ids, store, clock)
    } catch (error) {
      for (const id of ids) this.#ids.add(id)
      throw error
    }
  }
}

async function close(ids: ReadonlySet<string>, store: SessionStore, clock: Clock): Promise<void> {
  await closeAll(await store.lookups.sessions.unfinished([...ids]), store, clock)
  // Last, so that it is recorded once, however often closing them fails.
  await recorded(store, {
    type: 'lifecycle',
    severity: 'warning',
    at: clock.now(),
    monotonic: clock.monotonic(),
    data: { event: 'sessions.dropped', count: ids.size },
  })
}

/** Returns the session as one that crashed: its peer and its state, without the facts that failed to be written. */
function crashed(
  { id, side, state: step, peerId, remoteAddress, startedAt }: SessionSummary,
  now: number,
): SessionSummary {
  const durationMs = Math.max(0, now - startedAt)
  const end = { state: 'FAILED', reason: 'crashed', step, endedAt: now, durationMs }
  return compact({ id, side, peerId, startedAt, remoteAddress, ...end })
}
