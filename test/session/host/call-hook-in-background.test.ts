import { expect, it } from 'vitest'
import { SYSTEM_CLOCK } from '../../../src/session/clock/system-clock.ts'
import { callHookInBackground } from '../../../src/session/host/call-hook-in-background.ts'

function ask(call: () => unknown) {
  const ports = {
    clock: SYSTEM_CLOCK,
    config: { provisionTimeoutMs: 1_000 },
    hookComplaint: () => undefined,
    track: () => undefined,
  }
  return callHookInBackground(ports, 'database.deprovision', call)
}

it('a hook that rejects with nothing at all has failed all the same', async () => {
  expect(await ask(() => Promise.reject(undefined))).toBe('undefined')
  expect(await ask(() => Promise.resolve(7))).toBeUndefined()
})
