import type { SessionConfig } from '../config/session-config.ts'
import type { SessionSummary } from '../ports/store.ts'
import type { RunnerObserver } from './runner-init.ts'
import type { SessionPorts } from './session-ports.ts'

/** How a session came to its end. */
export type SessionEnd = { readonly summary: SessionSummary } | { readonly error: unknown }

/** Who wants to know of one session's end, before anybody else hears of it. */
export interface EndOfOne {
  over(end: SessionEnd): void
  /** As in `RunnerObserver`. @default nobody */
  certain?: RunnerObserver['certain']
}

/** What one session is given: settings that it keeps, and whoever wants to know of its end. */
export function portsOfOne(
  ports: SessionPorts,
  config: SessionConfig,
  { over, certain = () => undefined }: EndOfOne,
): SessionPorts {
  const all = ports.observer
  const observer: RunnerObserver = {
    moved: (summary, path, recorded) => all.moved(summary, path, recorded),
    certain,
    ended: (summary, extent) => {
      over({ summary })
      all.ended(summary, extent)
    },
    storeFailed: (error) => {
      over({ error })
      all.storeFailed(error)
    },
  }
  return { ...ports, config, observer }
}
