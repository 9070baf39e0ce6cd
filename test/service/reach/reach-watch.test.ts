import { expect, onTestFinished, test } from 'vitest'
import type { Probe } from '../../../src/network/dial/probe.ts'
import type { OutsideProbe } from '../../../src/network/dial-back/ask-outside.ts'
import { turnInWords } from '../../../src/service/reach/reach-proofs.ts'
import type { ReachProof } from '../../../src/service/reach/reach-report.ts'
import { ReachWatch } from '../../../src/service/reach/reach-watch.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const HOME = '/ip4/192.168.1.5/tcp/4710'
const RELAYED = '/ip4/8.8.8.8/tcp/4001/p2p-circuit'
const RELAY = '/ip4/8.8.8.8/tcp/4001'
const PUBLIC = '/ip4/8.8.4.4/tcp/4710'
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
    asked: [] as (readonly string[])[],
    outside: {} as Pick<OutsideProbe, 'problem' | 'untried'>,
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
    askOutside: async (addresses) => {
      state.asked.push(addresses)
      if (state.isBroken) throw new Error('no files left')
      await Promise.resolve()
      return addresses.map((address) => ({ address, relay: RELAY, ...state.outside }))
    },
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

test('only what may lead here from anywhere is tried from outside, and what came of it is told with its turns', async () => {
  const { clock, watch, state, turned } = watched()
  state.addresses = [HOME, PUBLIC, '/dns4/a.example/tcp/1', RELAYED, '/ip4/100.64.0.1/tcp/1']
  // The router does not let its own network in by its public address, which is no matter.
  state.dead.add(PUBLIC)
  watch.start()
  await elapse(clock, STEP_MS)
  expect(state.asked).toEqual([[PUBLIC, '/dns4/a.example/tcp/1']])
  const proven = { relay: RELAY, triedAt: expect.any(Number), provenAt: expect.any(Number) }
  expect(watch.report.map(({ outside }) => outside)).toEqual([
    proven,
    proven,
    undefined,
    undefined,
    undefined,
  ])
  await elapse(clock, 5 * MINUTE)
  expect(state.asked).toHaveLength(1)
  state.outside = { untried: 'did not answer' }
  await elapse(clock, 30 * MINUTE)
  expect(turned).toEqual([])
  state.outside = { problem: 'could not connect' }
  await elapse(clock, 30 * MINUTE)
  const { triedAt, provenAt = 0 } = watch.report[0]?.outside ?? { triedAt: 0 }
  expect(provenAt).toBeLessThan(triedAt - 30 * MINUTE)
  expect(turned.map(turnInWords)).toEqual([
    `${PUBLIC} does not lead here from outside any more: relay ${RELAY} could not connect`,
    `/dns4/a.example/tcp/1 does not lead here from outside any more: relay ${RELAY} could not connect`,
  ])
  state.outside = {}
  await elapse(clock, 30 * MINUTE)
  expect(turned.map(turnInWords).slice(2)).toEqual([
    `${PUBLIC} leads here again`,
    '/dns4/a.example/tcp/1 leads here again',
  ])
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
