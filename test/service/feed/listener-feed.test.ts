import { expect, it, onTestFinished, vi } from 'vitest'
import { createMemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import type { IdentityBundle } from '../../../src/protocol/message/messages.ts'
import type { FeedReader } from '../../../src/service/feed/event-feed.ts'
import type { FeedEvent, ListenEvent } from '../../../src/service/feed/event-feed-event.ts'
import { ListenerFeed } from '../../../src/service/feed/listener-feed.ts'
import { lifecycleRecord } from '../../../src/service/record/lifecycle-record.ts'
import { StoreFacts } from '../../../src/service/status/store-facts.ts'
import { SessionCore } from '../../../src/session/manager/session-core.ts'
import type { SessionSummary } from '../../../src/session/ports/session-summary.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { tallyOf, tokenToIssue } from '../../store/fixtures.ts'

const STATUS = {
  pid: 1,
  peerId: '12D3KooWAlice',
  addresses: ['/ip4/127.0.0.1/tcp/4710'],
  startedAt: 1_000,
  sessions: { listener: 0, dialer: 0, total: 0 },
  draining: false,
}

function world() {
  const store = openMemoryStore()
  const manager = new SessionCore(
    createMemoryHooks(),
    {},
    {
      store,
      party: () => ({ peerId: STATUS.peerId, identity: {}, cadre: [] }),
    },
  )
  const facts = new StoreFacts(store)
  const feed = new ListenerFeed({ store, manager, facts, status: () => STATUS })
  feed.start()
  onTestFinished(() => {
    feed.stop('end', { cut: 0, parked: 0 })
    store.close()
  })
  return { store, manager, feed }
}

function summary(id: string, state: string, more: Partial<SessionSummary> = {}): SessionSummary {
  return { id, side: 'listener', state, peerId: '12D3KooWBob', startedAt: 1_000, ...more }
}

function step(from: string, to: string, at: number) {
  return [{ seq: 1, from, to, event: '{}', at, ms: 3 }]
}

/** What a reader has got when an event fits, however long that takes. */
async function until(
  reader: FeedReader | undefined,
  fits: (event: FeedEvent) => boolean,
): Promise<readonly FeedEvent[]> {
  const all: FeedEvent[] = []
  for await (const events of reader ?? []) {
    all.push(...events)
    if (events.some(fits)) break
  }
  return all
}

it('a move tells where the session is, and when its deadlines fire', () => {
  const { manager, feed } = world()
  const reader = feed.follow()
  reader?.take()
  manager.emit(
    'session',
    summary('a', 'READING_REQUEST'),
    step('CREATED', 'READING_REQUEST', 1_500),
  )
  expect(reader?.take()).toMatchObject([
    {
      type: 'session',
      from: 'CREATED',
      to: 'READING_REQUEST',
      since: 1_500,
      stepUntil: 6_500,
      until: 31_000,
    },
  ])
})

it('whoever watches hears of every move, refusal and problem at once, though nobody follows', () => {
  const { manager, feed } = world()
  const heard: ListenEvent[] = []
  feed.watch((event) => heard.push(event))
  const path = step('CREATED', 'READING_REQUEST', 1_500)
  manager.emit('session', summary('a', 'READING_REQUEST'), path)
  manager.emit('refused', '12D3KooWEve', 'busy')
  manager.emit('alarmed', 'a', 'an older checkpoint')
  expect(heard).toMatchObject([
    { type: 'session', id: 'a', from: 'CREATED', since: 1_500 },
    { type: 'refused', at: expect.any(Number), code: 'busy' },
    { type: 'problem', detail: 'ALARM: an older checkpoint (session a)' },
  ])
})

it('what happens after a move is told after it, though the name of the peer is looked up for it', async () => {
  const { store, manager, feed } = world()
  const tally = tallyOf('t', 'r')
  await store.write(({ tallies }) => tallies.insert(tally))
  const heard: ListenEvent[] = []
  feed.watch((event) => heard.push(event))
  const path = step('AWAITING_ACK', 'COMPLETED', 1_600)
  manager.emit('session', summary('a', 'COMPLETED', { tallyId: 't' }), path)
  manager.emit('refused', '12D3KooWEve', 'busy')
  feed.problem('a storm')
  await new Promise(setImmediate)
  const { name: peerName } = tally.partner.identity
  expect(heard).toMatchObject([
    { type: 'session', id: 'a', to: 'COMPLETED', peerName },
    { type: 'refused' },
    { type: 'problem' },
  ])
})

it.each<IdentityBundle>([{ name: 'Bob' }, {}])(
  'the name of a peer is looked up as soon as there is a tally, and once: %j',
  async (identity) => {
    const { store, manager, feed } = world()
    const tally = { ...tallyOf('t', 'r'), partner: { peerId: '12D3KooWBob', identity } }
    await store.write(({ tallies }) => tallies.insert(tally))
    const asked = vi.spyOn(store.lookups.tallies, 'find')
    const heard: ListenEvent[] = []
    feed.watch((event) => heard.push(event))
    const move = async (state: string, more: Partial<SessionSummary> = {}) => {
      manager.emit('session', summary('a', state, more), step('CREATED', state, 1_500))
      await new Promise(setImmediate)
    }
    await move('VALIDATING_IDENTITY')
    expect(asked).not.toHaveBeenCalled()
    expect(heard[0]).not.toHaveProperty('peerName')
    await move('SENDING_RESPONSE', { tallyId: 't' })
    await move('AWAITING_ACK', { tallyId: 't' })
    expect(asked.mock.calls).toEqual([['t']])
    const { name } = identity
    expect(heard.slice(1).map((each) => Object(each).peerName)).toEqual([name, name])
  },
)

it('the name of a peer is there for a reader who comes later, though nobody read before', async () => {
  const { store, manager, feed } = world()
  const tally = tallyOf('t', 'r')
  await store.write(({ tallies }) => tallies.insert(tally))
  const path = step('SENDING_RESPONSE', 'AWAITING_ACK', 1_600)
  manager.emit('session', summary('a', 'AWAITING_ACK', { tallyId: 't' }), path)
  await new Promise(setImmediate)
  const { name: peerName } = tally.partner.identity
  expect(peerName).toEqual(expect.any(String))
  const told = feed
    .follow()
    ?.take()
    .filter(({ type }) => type === 'session')
  expect(told).toMatchObject([{ id: 'a', state: 'AWAITING_ACK', peerName }])
})

it('a listener that ends while the name of a peer is looked up waits for no words any more', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const { manager, feed } = world()
  feed.watch(() => undefined)
  const path = step('AWAITING_ACK', 'COMPLETED', 1_600)
  manager.emit('session', summary('a', 'COMPLETED', { tallyId: 't' }), path)
  feed.stop('end', { cut: 0, parked: 0 })
  await new Promise(setImmediate)
  expect(vi.getTimerCount()).toBe(0)
})

it('who comes later sees the sessions under way, and how many are over', () => {
  const { manager, feed } = world()
  for (const id of ['a', 'b', 'c', 'd']) {
    manager.emit(
      'session',
      summary(id, 'READING_REQUEST'),
      step('CREATED', 'READING_REQUEST', 1_500),
    )
  }
  manager.emit(
    'session',
    summary('b', 'COMPLETED', { tallyId: 't' }),
    step('SENDING_RESPONSE', 'COMPLETED', 1_600),
  )
  manager.emit('session', summary('c', 'TIMEOUT'), step('READING_REQUEST', 'TIMEOUT', 6_500))
  manager.emit('refused', '12D3KooWEve', 'busy')
  const events = feed.follow()?.take() ?? []
  expect(events[0]).toMatchObject({
    type: 'ready',
    totals: { completed: 1, looked: 0, failed: 0, timedOut: 1, refused: 1 },
  })
  expect(events.filter(({ type }) => type === 'session')).toMatchObject([{ id: 'a' }, { id: 'd' }])
})

it('a step never ends after its session', () => {
  const { manager, feed } = world()
  const late = step('VALIDATING_TOKEN', 'PROVISIONING_DB', 29_000)
  manager.emit('session', summary('a', 'PROVISIONING_DB'), late)
  const [session] =
    feed
      .follow()
      ?.take()
      .filter(({ type }) => type === 'session') ?? []
  expect(session).toMatchObject({ stepUntil: 31_000, until: 31_000 })
})

it('what anybody adds to the trail is told once it is committed', async () => {
  const { store, feed } = world()
  const reader = feed.follow()
  await store.write(({ audit }) => audit.append(lifecycleRecord('before', {})))
  await until(reader, ({ type }) => type === 'audit')
  const next = feed.follow()
  await store.write(({ audit }) => audit.append(lifecycleRecord('after', {})))
  const seen = await until(next, (event) => event.type === 'audit' && event.record.seq === 2)
  expect(seen.filter(({ type }) => type === 'audit').at(-1)).toMatchObject({
    record: { seq: 2, data: { event: 'after' } },
  })
})

it('invitations are told with their labels and uses, and never with a secret', async () => {
  const { store, feed } = world()
  await store.transact(() => tokenRecords.issue({ ...tokenToIssue('t1', 3), label: 'bike' }))
  const seen = await until(feed.follow(), ({ type }) => type === 'tokens')
  const tokens = seen.find(({ type }) => type === 'tokens')
  expect(tokens).toMatchObject({ tokens: [{ id: 't1', label: 'bike', uses: 3, used: 0 }], more: 0 })
  expect(JSON.stringify(tokens)).not.toContain('ecret')
})

it('it is known from how far somebody has come', () => {
  const { manager, feed } = world()
  const from = (id: string, remoteAddress: string) =>
    manager.emit(
      'session',
      summary(id, 'READING_REQUEST', { remoteAddress }),
      step('CREATED', 'READING_REQUEST', 1_500),
    )
  const reader = feed.follow()
  expect(reader?.take()[1]).not.toHaveProperty('reached')
  from('a', '/ip4/192.168.1.7/tcp/5000')
  from('b', '/ip4/127.0.0.1/tcp/5001')
  expect(feed.follow()?.take()[1]).toMatchObject({ type: 'health', reached: 'private' })
})

it('the last word reaches every reader', async () => {
  const { feed } = world()
  const reader = feed.follow()
  feed.draining(2, 10_000)
  const seen = until(reader, ({ type }) => type === 'stopped')
  await new Promise(setImmediate)
  feed.draining(2, 10_000)
  feed.stop('SIGTERM', { cut: 1, parked: 1 })
  expect((await seen).slice(-2)).toMatchObject([
    { type: 'draining', active: 2 },
    { type: 'stopped', reason: 'SIGTERM', cut: 1 },
  ])
})

it('an exchange is told when changes went either way, a partner who is away once, and an alarm always', () => {
  const { feed } = world()
  const reader = feed.follow()
  reader?.take()
  const bob = { peerId: '12D3KooWBob', by: 'here', taken: 0, given: 0, stopped: [] } as const
  feed.synced({ ...bob, result: 'met' })
  feed.synced({ ...bob, result: 'missed' })
  feed.synced({ ...bob, result: 'missed' })
  feed.synced({ ...bob, result: 'met', taken: 2, given: 1 })
  feed.synced({ ...bob, result: 'missed' })
  feed.synced({ ...bob, result: 'met', stopped: ['mf3w'] })
  expect(reader?.take()).toMatchObject([
    { type: 'sync', peerId: bob.peerId, by: 'here', result: 'missed' },
    { type: 'sync', result: 'met', taken: 2, given: 1 },
    { type: 'sync', result: 'missed' },
    { type: 'problem', detail: expect.stringMatching(/^ALARM: tally mf3w is not synced/) },
  ])
})
