import type { SessionCore } from '../../session/manager/session-core.ts'

/** Counts the sessions from now on, and returns a function that tells of them. Its code is loaded here only. */
export async function countedSessions(manager: SessionCore): Promise<() => Promise<string>> {
  const { Registry } = await import('prom-client')
  const { countSessions } = await import('../http/session-metrics.ts')
  const registry = new Registry()
  countSessions([registry], manager)
  return async () => await registry.metrics()
}
