import type { SessionHooks } from '../hooks/session-hooks.ts'
import type { Party } from './party.ts'
import type { Clock } from './ports/clock.ts'
import type { Ids } from './ports/ids.ts'
import type { SessionStore } from './ports/store.ts'
import type { SessionConfig } from './session-config.ts'
import type { RunnerObserver } from './session-runner.ts'

/** What every session is given. */
export interface SessionPorts {
  readonly hooks: SessionHooks
  readonly store: SessionStore
  readonly clock: Clock
  readonly ids: Ids
  readonly config: SessionConfig
  readonly observer: RunnerObserver
  /** Asked anew for each answer: what is disclosed may change while the node runs. */
  party(): Party
  /** A hook failed where nobody waits for it. */
  hookComplaint(hook: string, detail: string): void
}
