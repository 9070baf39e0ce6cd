import type { ListenerStatus } from '../../src/service/status/listener-status.ts'

const NONE = { inUse: 0, capacity: 65_536 }

/** What a listener that has just started tells of itself. */
export const STATUS: ListenerStatus = {
  pid: 1,
  peerId: 'peer',
  addresses: ['/ip4/127.0.0.1/tcp/1'],
  startedAt: 5,
  sessions: { listener: 0, dialer: 0, total: 0 },
  draining: false,
  health: { ready: true, problems: [], warnings: [] },
  connections: 0,
  streams: 0,
  bufferedBytes: 0,
  rssBytes: 100_000_000,
  disk: { freeBytes: 10_000_000_000, warnBytes: 0, reserveBytes: 0 },
  admitted: 0,
  refused: { draining: 0 },
  buckets: { peers: NONE, addresses: NONE, badSecrets: NONE },
  limits: [{ key: 'max-sessions', value: 100, source: 'default' }],
}
