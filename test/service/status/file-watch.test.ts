import { expect, test, vi } from 'vitest'
import { DEFAULT_NETWORK_LIMITS } from '../../../src/network/base/limits.ts'
import { limitsFor, maxOpenFiles } from '../../../src/service/status/file-limit.ts'
import { FileWatch } from '../../../src/service/status/file-watch.ts'
import { judgeHealth } from '../../../src/service/status/judge-health.ts'

test('a process that runs out of files tells so once, and once that it is over for good', () => {
  vi.useFakeTimers()
  try {
    let canOpen = true
    const told: string[] = []
    const watch = new FileWatch({
      onBegin: () => told.push('begin'),
      onEnd: (ms) => told.push(`end ${ms}`),
      canOpen: () => canOpen,
    })
    watch.start()
    vi.advanceTimersByTime(5_000)
    expect(told).toEqual([])
    for (let times = 0; times < 5; times += 1) {
      canOpen = false
      vi.advanceTimersByTime(1_000)
      canOpen = true
      vi.advanceTimersByTime(5_000)
    }
    expect(told).toEqual(['begin'])
    expect(watch.isExhausted).toBe(true)
    vi.advanceTimersByTime(6_000)
    expect(told).toEqual(['begin', expect.stringMatching(/^end \d+$/)])
    expect(watch.isExhausted).toBe(false)
    watch.stop()
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('connections fit into the files that may be open, and that they are fewer is said', () => {
  const { maxConnections, maxPendingConnections } = DEFAULT_NETWORK_LIMITS
  const usual = { limits: { maxConnections, maxPendingConnections } }
  expect(limitsFor(undefined)).toEqual(usual)
  expect(limitsFor(1_048_576)).toEqual(usual)
  for (const files of [60, 256, 1_024, 4_096, 6_000]) {
    const { limits, note } = limitsFor(files)
    const all = limits.maxConnections + limits.maxPendingConnections
    if (files > 256) expect(all).toBeLessThanOrEqual(files)
    expect(limits.maxConnections).toBeLessThanOrEqual(maxConnections)
    expect(note).toContain(`may open ${files} files only`)
    const health = judgeHealth({
      admission: {
        draining: false,
        sessions: { inUse: 0, max: 100, kept: 10, peers: 0, busiestPeer: 0 },
        breaker: { state: 'closed', failuresInARow: 0, retryAfterMs: 0, turnedAway: 0 },
      },
      addresses: ['/ip4/127.0.0.1/tcp/1'],
      disk: { level: 'ok' },
      store: 'well',
      connections: 0,
      maxConnections: limits.maxConnections,
      files: { isExhausted: true, note: String(note) },
    })
    expect(health).toMatchObject({
      ready: false,
      problems: [{ code: 'files_exhausted' }],
      warnings: [{ code: 'files_limited', detail: note }],
    })
  }
})

test.runIf(process.platform === 'linux')('the system is asked how many files there may be', () => {
  expect(maxOpenFiles()).toBeGreaterThan(0)
})
