import { expect, test } from 'vitest'
import { checkedConfig } from '../../../src/session/config/checked-config.ts'
import { DEFAULT_SESSION_CONFIG } from '../../../src/session/config/session-config.ts'

test('the defaults can be given, and what is undefined is left to them', () => {
  expect(checkedConfig(DEFAULT_SESSION_CONFIG)).toEqual(DEFAULT_SESSION_CONFIG)
  expect(checkedConfig({ stepTimeoutMs: undefined, maxSessionHistory: 0 } as object)).toEqual({
    maxSessionHistory: 0,
  })
})

test.each([
  [{ stepTimeoutMs: -1 }, 'stepTimeoutMs'],
  [{ sessionTimeoutMs: Number.NaN }, 'sessionTimeoutMs'],
  [{ sessionTimeoutMs: Number.POSITIVE_INFINITY }, 'sessionTimeoutMs'],
  [{ rateLimitPerPeer: '10' }, 'rateLimitPerPeer'],
  [{ rateLimitTotal: Number.NaN }, 'rateLimitTotal'],
  [{ metricsEnabled: 'no' }, 'metricsEnabled'],
  [{ auditLevel: 'loud' }, 'auditLevel'],
])('what can not be meant is refused by its name: %j', (given, name) => {
  expect(() => checkedConfig(given as object)).toThrow(new RegExp(`^config\\.${name} `))
})
