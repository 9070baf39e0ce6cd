import { expect, onTestFinished, test } from 'vitest'
import type { Probe } from '../../../src/network/dial/probe.ts'
import type { ReachProof } from '../../../src/service/reach/reach-report.ts'
import { ReachWatch } from '../../../src/service/reach/reach-watch.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const HOME = '/ip4/192.168.1.5/tcp/4710'
const RELAYED = '/ip4/8.8.8.8/tcp/4001/p2p-circuit'
const MINUTE = 60_000
const STEP_MS = 5_000

/** Moves time on in steps, in which what was begun comes to its end. */
async function elapse(clock: VirtualClock, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= STEP_MS) {
    clock.advance(Math.min(STEP_MS, left))
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** A watch over addresses that tests change, some of which lead nowhere. */
function watched(everyMs?: number) {
  const clock = new VirtualClock()
  const state = {
    addresses: [HOME],
    dead: new Set<string>(),
    tries: [] as (readonly string[])[],
    isBroken: false,
  }
  const turned: ReachProof[] = []
  const probe = async (addresses: readonly string[]): Promise<Probe[]> => {
    state.tries.push(addresses)
    if (state.isBroken) throw new Error('no files left')
    await Promise.resolve()
    return addresses.map((address) =>
      state.dead.has(address) ? { address, problem: 'nobody listens there' } : { address },
    )
  }
  const watch = new ReachWatch({
    peerId: 'unused',
    clock,
    addresses: () => state.addresses,
    onChange: (proof) => turned.push(proof),
    probe,
    ...(everyMs === undefined ? {} : { everyMs }),
  })
  onTestFinished(() => watch.stop())
  return { clock, watch, state, turned }
}

test('addresses are tried at the start, then some times an hour', async () => {
  const { clock, watch, state } = watched()
  watch.start()
  await elapse(clock, 1)
  expect(state.tries).toEqual([[HOME]])
  expect(watch.report).toEqual([
    { address: HOME, by: 'self', triedAt: expect.any(Number), provenAt: expect.any(Number) },
  ])
  await elapse(clock, 60 * MINUTE)
  expect(state.tries.length).toBeGreaterThanOrEqual(5)
  expect(state.tries.length).toBeLessThanOrEqual(9)
})

test('a new address is tried at once, and one through a relay is told as such', async () => {
  const { clock, watch, state } = watched()
  watch.start()
  await elapse(clock, MINUTE)
  state.addresses = [HOME, RELAYED]
  await elapse(clock, MINUTE)
  expect(state.tries).toEqual([[HOME], [RELAYED, HOME]])
  expect(watch.report.map(({ by }) => by)).toEqual(['relay', 'self'])
})

test('one that was not met is tried again soon, then ever later', async () => {
  const { clock, watch, state } = watched()
  state.dead.add(HOME)
  watch.start()
  await elapse(clock, 2 * MINUTE)
  const soon = state.tries.length
  expect(soon).toBeGreaterThanOrEqual(3)
  await elapse(clock, 60 * MINUTE)
  expect(state.tries.length - soon).toBeLessThanOrEqual(10)
  expect(watch.report).toEqual([
    { address: HOME, by: 'self', triedAt: expect.any(Number), problem: 'nobody listens there' },
  ])
})

test('only the turns are told: lost, and there again', async () => {
  const { clock, watch, state, turned } = watched()
  watch.start()
  await elapse(clock, MINUTE)
  state.dead.add(HOME)
  await elapse(clock, 30 * MINUTE)
  expect(turned.map(({ problem }) => problem)).toEqual(['nobody listens there'])
  expect(watch.report[0]?.provenAt).toBeLessThan(watch.report[0]?.triedAt ?? 0)
  state.dead.clear()
  await elapse(clock, 30 * MINUTE)
  expect(turned.map(({ problem }) => problem)).toEqual(['nobody listens there', undefined])
})

test('somebody who knows of a change has them tried at once', async () => {
  const { clock, watch, state } = watched()
  watch.look()
  watch.start()
  await elapse(clock, STEP_MS)
  watch.look()
  await elapse(clock, STEP_MS)
  expect(state.tries).toHaveLength(2)
})

test('whoever asks twice at once, or soon after, has it tried once', async () => {
  const { clock, watch, state } = watched()
  await Promise.all([watch.prove(), watch.prove()])
  await elapse(clock, 10_000)
  await watch.prove(30_000)
  expect(state.tries).toHaveLength(1)
  await watch.prove(5_000)
  expect(state.tries).toHaveLength(2)
})

test('a listener on this computer alone is not tried by itself, and is when somebody insists', async () => {
  const { clock, watch, state } = watched()
  state.addresses = ['/ip4/127.0.0.1/tcp/4710']
  watch.start()
  await elapse(clock, 30 * MINUTE)
  expect(await watch.proveSoon()).toEqual([])
  expect(state.tries).toEqual([])
  expect(await watch.prove()).toMatchObject([{ address: '/ip4/127.0.0.1/tcp/4710', by: 'self' }])
})

test('a try that can’t be made is told like one that failed, and harms nobody', async () => {
  const { clock, watch, state } = watched()
  state.isBroken = true
  watch.start()
  await elapse(clock, STEP_MS)
  expect(watch.report).toMatchObject([{ problem: 'it could not be tried: no files left' }])
})

test('no more than the best eight are tried, and none after the end', async () => {
  const { clock, watch, state } = watched()
  state.addresses = Array.from({ length: 12 }, (_, at) => `/ip4/10.0.0.${at}/tcp/1`)
  watch.start()
  await elapse(clock, 1)
  await watch.stop()
  expect(state.tries).toEqual([state.addresses.slice(0, 8)])
  await elapse(clock, 60 * MINUTE)
  await watch.prove()
  expect(state.tries).toHaveLength(1)
})

test('it can be made to look more often', async () => {
  const { clock, watch, state } = watched(MINUTE)
  watch.start()
  await elapse(clock, 30 * MINUTE)
  expect(state.tries.length).toBeGreaterThanOrEqual(20)
})
