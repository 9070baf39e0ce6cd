import { compact } from '../../protocol/base/compact.ts'
import type { SessionCore } from '../../session/manager/session-core.ts'
import type { HealthWatch } from './health-watch.ts'
import type { SettingInUse } from './listener-settings.ts'
import type { ListenerStatus } from './listener-status.ts'

/** How many sessions in doubt are named: no more than fit on a screen. */
const MAX_IN_DOUBT = 20

function told(ids: readonly string[]): string[] {
  return ids.slice(0, MAX_IN_DOUBT)
}

/** Collects the part of a listener's status that its sessions and its health know. */
export function listenerFigures(
  manager: SessionCore,
  health: HealthWatch,
  limits: readonly SettingInUse[],
): Omit<
  ListenerStatus,
  | 'pid'
  | 'peerId'
  | 'addresses'
  | 'reach'
  | 'relays'
  | 'startedAt'
  | 'http'
  | 'onEvent'
  | 'draining'
  | 'drainMs'
> {
  const { admitted, refused, buckets } = manager.admission
  const { freeBytes, warnBytes, reserveBytes } = health.disk
  return {
    sessions: manager.getActiveSessionCounts(),
    health: health.now,
    ...health.usage,
    rssBytes: process.memoryUsage.rss(),
    oldestCommitMs: Math.round(health.oldestCommitMs),
    ...(manager.sessionsInDoubt.length > 0
      ? { sessionsInDoubt: told(manager.sessionsInDoubt) }
      : {}),
    disk: compact({ warnBytes, reserveBytes, freeBytes }),
    admitted,
    refused,
    buckets,
    limits,
  }
}
