import { describe, expect, it } from 'vitest'
import { ForwardOnlyClock } from '../../../src/session/clock/forward-only-clock.ts'
import { TimeKeepingStore } from '../../../src/session/clock/time-keeping-store.ts'
import { answeredAll } from '../../../src/session/ports/written.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { settle, type TestNode, World } from '../../support/session/world.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

function lifecycle(node: TestNode): readonly { readonly event: string; readonly byMs: number }[] {
  return [...node.store.repositories.audit.rows()]
    .map(({ text }) => JSON.parse(text))
    .filter(({ type }) => type === 'lifecycle')
    .map(({ data }) => data)
}

describe('the highest time', () => {
  it('is stored when a transaction comes anyway, every ten seconds, and at the end', async () => {
    const world = new World()
    const stored = () => world.alice.store.repositories.time.highest()
    expect(stored()).toBe(0)
    world.alice.manager.start()
    await settle()
    const start = world.clock.now()
    expect(stored()).toBe(start)
    await world.pass(10_000)
    expect(stored()).toBe(start + 10_000)
    await world.pass(9_000)
    await world.redeemed(world.invite())
    expect(stored()).toBe(start + 10_000)
    expect(world.bob.store.repositories.time.highest()).toBe(world.clock.now())
    await world.alice.manager.drain(0)
    expect(stored()).toBe(start + 19_000)
  })

  it('is stored behind the writes that come, and is no answer to one of them', async () => {
    const own = openMemoryStore()
    const clock = new ForwardOnlyClock(new VirtualClock())
    const [now, monotonic] = [clock.now(), clock.monotonic()]
    const writes = ['one', 'two'].map((id) => ({ op: 'endRequest', id, now, monotonic }) as const)
    const store = new TimeKeepingStore(own, clock)
    expect(await answeredAll<'endRequest'>(store, writes)).toHaveLength(2)
    expect(own.repositories.time.highest()).toBe(now)
    own.close()
  })

  it('is learnt from other processes on the same store', async () => {
    const world = new World()
    world.alice.manager.start()
    await settle()
    const { store } = world.alice
    const later = world.clock.now() + DAY
    await store.write(({ time }) => time.remember(later))
    const link = world.invite()
    expect(await world.redeemed(link)).toMatchObject({ completed: true })
    await world.pass(10_000)
    const another = world.invite({ secret: 5 })
    expect(await world.redeemed(another)).toMatchObject({ reason: 'expired' })
    await world.alice.manager.drain(0)
  })

  it('is not noted as a jump while the clock just goes on', async () => {
    const world = new World()
    world.alice.manager.start()
    await world.pass(100_000, 10_000)
    expect(lifecycle(world.alice)).toEqual([])
    await world.alice.manager.drain(0)
  })
})
