/** Peers that reserve places at a relay and keep them, `places-process.ts RELAY`: so many more each time it is asked. */
import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../src/network/identity/identity-key.ts'
import { createDialNode } from '../../src/network/node/node.ts'
import { reservePlace } from '../../src/network/relay/ask-relay.ts'
import { serve } from '../process/child.ts'

/** Peers that dial at once. */
const AT_ONCE = 8

/** How long one may take, ms. */
const PATIENCE_MS = 20_000

const relay = multiaddr(process.argv[2] ?? '')
const held: Connection[] = []

async function takePlace(): Promise<void> {
  const node = await createDialNode({ privateKey: privateKeyFromBytes(generatePrivateKeyBytes()) })
  const signal = AbortSignal.timeout(PATIENCE_MS)
  const connection = await node.dial(relay, { signal })
  await reservePlace(connection, signal)
  held.push(connection)
}

async function takePlaces(count: number): Promise<number> {
  let left = count
  const turns = Array.from({ length: AT_ONCE }, async () => {
    for (; left > 0; ) {
      left -= 1
      await takePlace()
    }
  })
  await Promise.all(turns)
  return held.filter(({ status }) => status === 'open').length
}

serve('ready', async ({ count }: { readonly count: number }) => await takePlaces(count))
