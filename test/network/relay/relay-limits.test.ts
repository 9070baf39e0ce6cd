import { afterEach, expect, test } from 'vitest'
import type { RelayBound } from '../../../src/protocol/base/relay-bound.ts'
import type { Transport } from '../../../src/session/ports/transport.ts'
import { ANYBODY, startRelay, stopRelays as stopOwn } from '../../support/network/relay-nodes.ts'
import { guestOf, stockRelay, stopRelays } from '../../support/network/relays.ts'
import { bytes, dialer, patience, stopAll } from '../../support/network/two-nodes.ts'

afterEach(async () => {
  await stopAll()
  await stopRelays()
  await stopOwn()
})

/** Bytes in each direction: a connection is made with less than half of it. */
const MOST = 4_000

async function ownRelay(limits: { maxCircuitBytes?: number; maxCircuitMs?: number }) {
  const { address } = await startRelay(ANYBODY, limits)
  return address.replace(/\/p2p\/.*$/, '')
}

/** The end of a stream, as its owner is told. */
function endOf(
  transport: Transport,
): Promise<readonly [clean: boolean, bound?: RelayBound | undefined]> {
  return new Promise((resolve) => {
    transport.listen({
      frame: () => undefined,
      problem: () => undefined,
      ended: () => undefined,
      closed: (...told) => resolve(told),
    })
  })
}

/** Both ends of one stream beyond a relay. */
async function bothEnds(relay: string) {
  const met = Promise.withResolvers<Transport>()
  const guest = await guestOf([relay], met.resolve)
  await expect.poll(() => guest.states).toContain('reserved')
  const caller = await (await dialer()).dial(guest.peer, [`${relay}/p2p-circuit`], patience())
  await caller.send(bytes('hello'))
  return { caller, called: await met.promise, guest }
}

const BYTES = { of: 'bytes', most: MOST } as const

test.each(['caller', 'called'] as const)(
  'when what the %s sends is more than the relay carries, both ends hear the bound',
  async (sender) => {
    const { caller, called } = await bothEnds(await ownRelay({ maxCircuitBytes: MOST }))
    const ends = Promise.all([endOf(caller), endOf(called)])
    await { caller, called }[sender].send(bytes('x'.repeat(20_000))).catch(() => undefined)
    expect(await ends).toEqual([
      [false, BYTES],
      [false, BYTES],
    ])
  },
)

test('of libp2p’s own relay, which passes on nothing of what is too much, the sender can tell', async () => {
  const { address } = await stockRelay({ reservations: { defaultDataLimit: BigInt(MOST) } })
  const { caller, called } = await bothEnds(address)
  const ends = Promise.all([endOf(caller), endOf(called)])
  await caller.send(bytes('x'.repeat(20_000))).catch(() => undefined)
  expect(await ends).toEqual([
    [false, BYTES],
    [false, undefined],
  ])
})

test('when its time is up, both ends hear so', async () => {
  const { caller, called } = await bothEnds(await ownRelay({ maxCircuitMs: 2_000 }))
  const bound = { of: 'seconds', most: 2 }
  expect(await Promise.all([endOf(caller), endOf(called)])).toEqual([
    [false, bound],
    [false, bound],
  ])
})

test('an end before that is nothing of the relay’s', async () => {
  const { caller, called } = await bothEnds(await ownRelay({ maxCircuitBytes: 100_000 }))
  const end = endOf(caller)
  called.reset()
  expect(await end).toEqual([false, undefined])
})

test('a relay that carries less than it takes to be connected is named as the cause', async () => {
  const relay = await ownRelay({ maxCircuitBytes: 200 })
  const guest = await guestOf([relay], () => undefined)
  await expect.poll(() => guest.states).toContain('reserved')
  const address = `${relay}/p2p-circuit`
  await expect((await dialer()).dial(guest.peer, [address], patience())).rejects.toMatchObject({
    code: 'unreachable',
    attempts: [{ address, problem: 'the relay carries too little for a connection' }],
  })
})
