import { EventEmitter } from 'node:events'
import { expect, it, onTestFinished, vi } from 'vitest'
import { RefusalKeeper } from '../../../src/service/trail/refusal-keeper.ts'
import type { SessionEvents } from '../../../src/session/trace/session-events.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { DiskError, failed } from '../../support/store-wrappers.ts'

it('a minute of strangers is one security record, and who showed a good secret is not among them', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  const sessions = new EventEmitter<SessionEvents>()
  const keeper = new RefusalKeeper({
    store,
    sessions,
    onFailure: (error) => expect.fail(String(error)),
  })
  keeper.start()
  const ended = { id: 's', side: 'listener', state: 'FAILED', startedAt: 0, peerId: 'bob' } as const
  sessions.emit('refused', 'mallory', 'busy')
  sessions.emit('ended', { ...ended, reason: 'invalid_token' })
  sessions.emit('ended', { ...ended, reason: 'used', tokenId: 't' })
  sessions.emit('ended', { ...ended, side: 'dialer', reason: 'unreachable' })
  sessions.emit('ended', { ...ended, state: 'COMPLETED' })
  sessions.emit('ended', { ...ended, reason: 'crashed', step: 'SENDING_RESPONSE' })
  vi.advanceTimersByTime(60_000)
  await store.write(() => undefined)
  const records = () => [...store.repositories.audit.rows()].map(({ text }) => JSON.parse(text))
  expect(records()).toMatchObject([
    {
      type: 'security',
      data: { event: 'refused', reasons: { busy: { count: 1 }, invalid_token: { count: 1 } } },
    },
  ])
  expect(Object.keys(records()[0].data.reasons)).toHaveLength(2)
  vi.advanceTimersByTime(600_000)
  sessions.emit('refused', 'mallory', 'busy')
  await keeper.stop()
  expect(records()).toHaveLength(2)
  expect(sessions.listenerCount('refused') + sessions.listenerCount('ended')).toBe(0)
})

it('of what may be a fault of this side the step is recorded, too', async () => {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  const sessions = new EventEmitter<SessionEvents>()
  const keeper = new RefusalKeeper({ store, sessions, onFailure: () => undefined })
  keeper.start()
  keeper.start()
  const ended = {
    id: 's',
    side: 'listener',
    state: 'TIMEOUT',
    startedAt: 0,
    peerId: 'bob',
  } as const
  sessions.emit('ended', { ...ended, reason: 'step_deadline', step: 'VALIDATING_TOKEN' })
  sessions.emit('ended', { ...ended, reason: 'invalid_token', step: 'VALIDATING_TOKEN' })
  await keeper.stop()
  const [record] = [...store.repositories.audit.rows()].map(({ text }) => JSON.parse(text))
  expect(record.data.reasons).toMatchObject({
    step_deadline: { count: 1, steps: { VALIDATING_TOKEN: 1 } },
  })
  expect(record.data.reasons.invalid_token).not.toHaveProperty('steps')
})

it('what could not be recorded is recorded with what comes later', async () => {
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  const sessions = new EventEmitter<SessionEvents>()
  const failures: unknown[] = []
  let isBroken = true
  const keeper = new RefusalKeeper({
    store: {
      submit: (work) =>
        isBroken ? failed(new DiskError('the disk is broken')) : store.submit(work),
    },
    sessions,
    onFailure: (error) => failures.push(error),
  })
  keeper.start()
  sessions.emit('refused', 'mallory', 'busy')
  await keeper.stop()
  expect(failures).toHaveLength(1)
  isBroken = false
  keeper.start()
  sessions.emit('refused', 'eve', 'busy')
  await keeper.stop()
  const records = [...store.repositories.audit.rows()].map(({ text }) => JSON.parse(text))
  expect(records).toMatchObject([{ data: { reasons: { busy: { count: 2, peers: 2 } } } }])
})
