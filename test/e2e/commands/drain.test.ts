import { expect, test } from 'vitest'
import { drainTrial } from '../../faults/drain-trial.ts'
import { dataDirectory, listener, startTaleus, taleus, taleusJson } from '../support/cli.ts'

test('a drain in the middle of 40 sessions loses none: half finish, half go on with the next listener', async () => {
  const { parked, cut } = await drainTrial(20, 2)
  expect(parked).toBe(cut)
  expect(parked).toBeGreaterThanOrEqual(20)
})

test('taleus drain stops the listener, waits until it is gone, and another may listen at once', async () => {
  const directory = await dataDirectory()
  const first = await listener(directory)
  const drained = await taleusJson(directory, ['drain'])
  expect(drained).toMatchObject({ code: 0, json: { drained: true, active: 0 } })
  expect(await first.exited).toBe(0)
  expect(first.lines.at(-1)).toMatchObject({ type: 'stopped', reason: 'drain' })
  const second = await listener(directory)
  expect(await second.stop()).toBe(0)
  const none = await taleusJson(directory, ['drain'])
  expect(none).toMatchObject({ code: 0, json: { drained: false } })
})

test('while it drains it counts down and refuses what is new; a second signal ends it at once and loses nothing', async () => {
  const [alice, bob, carol] = [await dataDirectory(), await dataDirectory(), await dataDirectory()]
  const listening = await listener(alice, [
    '--listen',
    '/ip4/127.0.0.1/tcp/0',
    '--drain-timeout',
    '1m',
  ])
  const { json } = await taleusJson(alice, ['token', 'create', '--role', 'foil', '--unlimited'])
  const link = String(json['link'])
  // Stopped when it has asked for its use, so that the listener waits for its database.
  const invitee = startTaleus(bob, ['bootstrap', link, '--yes'])
  await listening.line(({ to }) => to === 'PROVISIONING_DB')
  invitee.signal('SIGSTOP')
  listening.signal('SIGTERM')
  const counted = await Promise.race([
    listening.line(({ type, ms }) => type === 'draining' && Number(ms) < 59_500),
    listening.exited,
  ])
  if (typeof counted !== 'number') {
    const newcomer = await taleusJson(carol, ['bootstrap', link, '--yes', '--timeout', '1s'])
    expect(newcomer).toMatchObject({ code: 9, json: { error: { code: 'draining' } } })
    expect((await taleusJson(alice, ['status'])).json).toMatchObject({ draining: true })
    listening.signal('SIGTERM')
    expect(await listening.exited).toBe(143)
  }
  invitee.signal('SIGCONT')
  await invitee.finished
  const next = await listener(alice, ['--listen', ...listening.addresses])
  expect((await taleus(bob, ['bootstrap', link, '--yes'])).code).toBe(0)
  expect((await taleus(alice, ['audit', 'verify'])).code).toBe(0)
  expect(await next.stop()).toBe(0)
})
