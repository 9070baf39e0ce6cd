import type { SessionConfig } from '../config/session-config.ts'
import type { Clock } from '../ports/clock.ts'
import { describeThrown } from './describe-thrown.ts'

export interface BackgroundHookPorts {
  readonly clock: Clock
  readonly config: Pick<SessionConfig, 'provisionTimeoutMs'>
  /** Reports that a hook failed for which no session waits. */
  hookComplaint(hook: string, detail: string): void
  /** Makes stopping wait for work for which no session waits. */
  track(work: Promise<unknown>): void
}

/**
 * Calls a hook outside any step: no session waits for it, and its failure is only reported.
 * @returns resolves when it is over or was given up after `provisionTimeoutMs`, with a description of its failure if
 *   there was one (a thrown value may itself throw when a promise is given it); never rejects
 */
export function callHookInBackground(
  ports: BackgroundHookPorts,
  hook: string,
  call: (signal: AbortSignal) => unknown,
): Promise<string | undefined> {
  const over = withTimeout(ports, call).then(
    () => undefined,
    (error: unknown) => {
      const detail = describeThrown(error)
      ports.hookComplaint(hook, detail)
      return detail
    },
  )
  ports.track(over)
  return over
}

async function withTimeout(
  { clock, config }: BackgroundHookPorts,
  call: (signal: AbortSignal) => unknown,
): Promise<void> {
  const controller = new AbortController()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = clock.after(config.provisionTimeoutMs, () => {
    const error = new AsideTimeoutError()
    controller.abort(error)
    reject(error)
  })
  try {
    await Promise.race([call(controller.signal), late])
  } finally {
    timer.clear()
  }
}

/** The hook did not answer in time; a later answer is ignored. */
class AsideTimeoutError extends Error {
  override readonly name = 'AsideTimeoutError'
  readonly code = 'aside_timeout'

  constructor() {
    super('no answer in time')
  }
}
