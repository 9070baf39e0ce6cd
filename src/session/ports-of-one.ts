import type { SessionEnd } from './admission/charge.ts'
import type { RunnerObserver } from './runner-init.ts'
import type { SessionConfig } from './session-config.ts'
import type { SessionPorts } from './session-ports.ts'

/**
 * What one session is given: settings that it keeps, and whoever wants to know of its end.
 * @param over called before anybody else hears of it
 */
export function portsOfOne(
  ports: SessionPorts,
  config: SessionConfig,
  over: (end: SessionEnd) => void,
): SessionPorts {
  const all = ports.observer
  const observer: RunnerObserver = {
    moved: (summary, path, recorded) => all.moved(summary, path, recorded),
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
