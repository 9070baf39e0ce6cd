import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type DiskState, DiskWatch } from '../../../src/service/status/disk-watch.ts'
import { type HealthFacts, judgeHealth } from '../../../src/service/status/judge-health.ts'

const WELL: HealthFacts = {
  admission: {
    draining: false,
    sessions: { inUse: 3, max: 100, kept: 10, peers: 1, busiestPeer: 1 },
    breaker: { state: 'closed', failuresInARow: 0, retryAfterMs: 0, turnedAway: 0 },
  },
  addresses: ['/ip4/127.0.0.1/tcp/1'],
  disk: { level: 'ok', freeBytes: 1_000_000_000 },
  store: 'well',
  connections: 1,
  maxConnections: 4_000,
}

test('a listener that lacks nothing is ready', () => {
  expect(judgeHealth(WELL)).toEqual({ ready: true, problems: [], warnings: [] })
})

test.each<[string, Partial<HealthFacts>]>([
  ['store_failed', { store: 'failed' }],
  ['store_read_only', { store: 'read_only' }],
  ['store_unreachable', { store: 'away', storeOn: 'server' }],
  ['certificate_lapsed', { certificate: { problem: 'it has lapsed', isGood: false } }],
  ['disk_full', { disk: { level: 'full', freeBytes: 5 } }],
  [
    'breaker_open',
    {
      admission: {
        ...WELL.admission,
        breaker: { state: 'open', failuresInARow: 5, retryAfterMs: 1, turnedAway: 0 },
      },
    },
  ],
  ['no_address', { addresses: [] }],
  ['audit_broken', { brokenAt: 7 }],
  ['draining', { admission: { ...WELL.admission, draining: true } }],
])('%s makes it not ready', (code, changes) => {
  expect(judgeHealth({ ...WELL, ...changes })).toMatchObject({ ready: false, problems: [{ code }] })
})

test('what is near its limit is a warning, and it is ready all the same', () => {
  const sessions = { ...WELL.admission.sessions, inUse: 80 }
  const health = judgeHealth({
    ...WELL,
    admission: { ...WELL.admission, sessions },
    connections: 3_200,
    disk: { level: 'low', freeBytes: 5 * 1_048_576 },
    missing: ['can’t listen on /ip6/::/tcp/4710'],
    certificate: { problem: 'it lapses tomorrow', isGood: true },
  })
  expect(health).toMatchObject({
    ready: true,
    warnings: [
      { code: 'address_missing', detail: 'can’t listen on /ip6/::/tcp/4710' },
      { code: 'certificate_late', detail: 'it lapses tomorrow' },
      { code: 'disk_low', detail: '5 MiB are free on its disk' },
      { code: 'sessions_high' },
      { code: 'connections_high' },
    ],
  })
})

test.each([
  [undefined, 'its disk'],
  ['server', 'its database server'],
] as const)('a store on a %s that stands still is said to be on %s', (storeOn, it) => {
  const health = judgeHealth({ ...WELL, store: 'stalled', ...(storeOn ? { storeOn } : {}) })
  expect(health.problems[0]?.detail).toContain(`${it} does not answer`)
})

test('the disk is told when it gets low, full, and well again', () => {
  const { bavail, bsize } = statfsSync(tmpdir())
  const free = bavail * bsize
  const limits = { warnBytes: 0, reserveBytes: 0 }
  const told: DiskState['level'][] = []
  const watch = new DiskWatch({
    path: tmpdir(),
    limits: () => limits,
    onChange: ({ level }) => told.push(level),
    tryWriting: async () => undefined,
  })
  watch.look()
  expect(told).toEqual([])
  limits.warnBytes = free * 2
  watch.look()
  watch.look()
  limits.reserveBytes = free * 2
  watch.look()
  expect(watch.state.freeBytes).toBeGreaterThan(0)
  limits.warnBytes = 0
  limits.reserveBytes = 0
  watch.look()
  expect(told).toEqual(['low', 'full', 'ok'])
})

test('a disk that was met full is full until something could be written, whatever it says of itself', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const told: DiskState['level'][] = []
  const tries: boolean[] = []
  let hasRoom = false
  const watch = new DiskWatch({
    path: tmpdir(),
    limits: () => ({ warnBytes: 0, reserveBytes: 0 }),
    onChange: ({ level }) => told.push(level),
    tryWriting: async () => {
      tries.push(hasRoom)
      if (!hasRoom) throw new Error('no room')
    },
  })
  onTestFinished(() => watch.stop())
  watch.start()
  watch.met()
  watch.met()
  watch.look()
  expect([watch.state.level, watch.state.isMet]).toEqual(['full', true])
  await vi.advanceTimersByTimeAsync(3_000)
  expect(tries).toEqual([false, false, false])
  hasRoom = true
  await vi.advanceTimersByTimeAsync(1_000)
  expect(watch.state).toMatchObject({ level: 'ok', freeBytes: expect.any(Number) })
  expect(watch.state.isMet).toBeUndefined()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(tries).toEqual([false, false, false, true])
  expect(told).toEqual(['full', 'ok'])
  watch.met()
  expect(told).toEqual(['full', 'ok', 'full'])
})

test('a disk that can’t be asked is taken for well', () => {
  const watch = new DiskWatch({
    path: '/nowhere/at/all',
    limits: () => ({ warnBytes: Number.MAX_SAFE_INTEGER, reserveBytes: 0 }),
    onChange: () => undefined,
    tryWriting: async () => undefined,
  })
  watch.look()
  expect(watch.state).toEqual({ level: 'ok' })
})
