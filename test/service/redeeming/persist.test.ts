import { expect, it } from 'vitest'
import { persist } from '../../../src/service/redeeming/persist.ts'
import type { BootstrapFailed } from '../../../src/session/outcome.ts'

const BUSY: BootstrapFailed = {
  completed: false,
  sessionId: 'session',
  state: 'FAILED',
  reason: 'busy',
  step: 'AWAITING_RESPONSE',
  retryAfterMs: 0,
  durationMs: 1,
}

const REQUEST = {
  link: {
    role: 'stock',
    secret: new Uint8Array(16),
    expiresAt: 0,
    publicKey: new Uint8Array(32),
    addresses: [],
  },
  identity: {},
  cadre: [],
} as const

it('an inviter that says "again, at once" is not asked without a pause', async () => {
  let asked = 0
  const redeem = async () => {
    asked += 1
    return BUSY
  }
  expect(await persist({ redeem }, REQUEST, 600)).toBe(BUSY)
  expect(asked).toBeGreaterThan(1)
  expect(asked).toBeLessThanOrEqual(3)
})
