import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, test } from 'vitest'
import { AddressRace, type DialOptions } from '../../../src/network/base/address-race.ts'
import { networkLimits } from '../../../src/network/base/limits.ts'

const FIRST = multiaddr('/ip4/127.0.0.1/tcp/1')
const SECOND = multiaddr('/ip4/127.0.0.1/tcp/2')

/** A connection as the race sees it. */
function connection() {
  const made = { aborted: false, abort: () => Object.assign(made, { aborted: true }) }
  return made
}

test('a connection that is made after another address was faster does not stay open', async () => {
  const race = new AddressRace()
  const detail = [{ multiaddr: FIRST }, { multiaddr: SECOND }]
  race.onProgress({ type: 'dial-queue:calculated-addresses', detail })
  const [late, fast] = [connection(), connection()]
  const dials = new Map([
    [FIRST.toString(), Promise.withResolvers<Connection>()],
    [SECOND.toString(), Promise.withResolvers<Connection>()],
  ])
  const won = race.dial(
    FIRST,
    // Nothing else of what a transport is given is looked at.
    { signal: new AbortController().signal } as unknown as DialOptions,
    {
      limits: networkLimits({ dialStaggerMs: 1 }),
      prepare: (address) => ({
        run: async () => await (dials.get(address.toString())?.promise ?? Promise.reject()),
        isTaken: () => false,
      }),
    },
  )
  dials.get(SECOND.toString())?.resolve(fast as unknown as Connection)
  expect(await won).toBe(fast)
  dials.get(FIRST.toString())?.resolve(late as unknown as Connection)
  await expect.poll(() => late.aborted).toBe(true)
  expect(fast.aborted).toBe(false)
})
