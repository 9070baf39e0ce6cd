import { afterEach, expect, test } from 'vitest'
import { ANYBODY, startRelay, stopRelays } from '../../support/network/relay-nodes.ts'
import { combinations } from '../trial.ts'
import { byteTroubles } from './byte-troubles.ts'
import { matrix } from './matrix.ts'

afterEach(stopRelays)

/** Nobody is turned away for coming often. */
const ROOM = {
  maxCircuitsPerPeer: 1_000,
  maxCircuitsPerHost: 1_000,
  maxCircuits: 1_000,
}

async function relayAddress(): Promise<string> {
  const { address } = await startRelay(ANYBODY, ROOM)
  return address.replace(/\/p2p\/.*$/, '')
}

test('wherever the way to a relay fails, both sides end in time, and the same link leads to the one tally', async () => {
  const relay = await relayAddress()
  const all = await byteTroubles(2, ['reset', 'cut', 'blackHole'], relay)
  expect(await matrix(all, relay)).toEqual([])
}, 120_000)

test('whichever message is lost or doubled beyond a relay, the same link leads to the one tally', async () => {
  const relay = await relayAddress()
  const all = combinations([
    { kind: 'frame', at: 'sending', fault: 'drop' },
    { kind: 'frame', at: 'receiving', fault: 'duplicate' },
  ])
  expect(await matrix(all, relay)).toEqual([])
}, 120_000)
