import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { patientDeadline } from '../../../src/network/guard/patient-deadline.ts'
import { dialer, Ear, echo, listener, patience, stopAll } from '../../support/network/two-nodes.ts'

afterEach(stopAll)

/** This process does nothing else for so long. */
function standStill(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

test('it fires once, and not after it was cleared', async () => {
  let fired = 0
  patientDeadline(20, () => {
    fired += 1
  })
  const clear = patientDeadline(20, () => {
    fired += 100
  })
  clear()
  await expect.poll(() => fired).toBe(1)
  await sleep(60)
  expect(fired).toBe(1)
})

test('all of the time has to pass', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  let fired = 0
  patientDeadline(1_000, () => {
    fired += 1
  })
  vi.advanceTimersByTime(999)
  expect(fired).toBe(0)
  vi.advanceTimersByTime(1)
  expect(fired).toBe(1)
})

test('time in which this process stands still does not count', async () => {
  let hasFired = false
  patientDeadline(400, () => {
    hasFired = true
  })
  standStill(1_000)
  await sleep(0)
  await sleep(0)
  expect(hasFired).toBe(false)
  await expect.poll(() => hasFired).toBe(true)
})

test('a handshake outlives a listener that stands still for longer than the handshake may take', async () => {
  const host = await listener(echo, { upgradeTimeoutMs: 300 })
  const guest = await dialer({ addressDialTimeoutMs: 20_000 })
  const dialling = guest.dial(host.peer, [host.tcp], patience())
  for (let turn = 0; turn < 8; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    standStill(100)
  }
  expect(new Ear(await dialling).heard).toEqual([])
})
