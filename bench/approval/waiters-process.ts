/** Peers that connect to an inviter and hold lines there, `waiters-process.ts PEER ADDRESS`: so many more of either each time it is asked. */
import { multiaddr } from '@multiformats/multiaddr'
import { createDialer } from '../../src/network/dial/dial.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../src/network/identity/identity-key.ts'
import { createDialNode, type NetworkNode } from '../../src/network/node/node.ts'
import { ANSWER_LINE } from '../../src/network/stream/wire-protocol.ts'
import { serve } from '../process/child.ts'

/** Peers that dial at once. */
const AT_ONCE = 8
/** How long one may take, ms. */
const PATIENCE_MS = 20_000

const [peer = '', address = ''] = process.argv.slice(2)
const nodes: NetworkNode[] = []
let ended = 0

async function connect(): Promise<void> {
  const node = await createDialNode({ privateKey: privateKeyFromBytes(generatePrivateKeyBytes()) })
  const signal = AbortSignal.timeout(PATIENCE_MS)
  await node.dial(multiaddr(`${address}/p2p/${peer}`), { signal })
  nodes.push(node)
}

/** Holds a line on the connection that is there. */
async function hold(node: NetworkNode): Promise<void> {
  const dialer = createDialer(node, {}, () => undefined, ANSWER_LINE)
  const line = await dialer.dial(peer, [address], AbortSignal.timeout(PATIENCE_MS))
  const nothing = (): void => undefined
  line.listen({
    frame: nothing,
    problem: nothing,
    ended: nothing,
    closed: () => {
      ended += 1
    },
  })
}

async function inTurns<Each>(all: readonly Each[], act: (each: Each) => Promise<void>) {
  const left = [...all]
  const turn = async (): Promise<void> => {
    for (let each = left.pop(); each !== undefined; each = left.pop()) await act(each)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, turn))
}

serve('ready', async ({ connections, lines }: { connections?: number; lines?: number }) => {
  await inTurns(
    Array.from({ length: connections ?? 0 }, (_, n) => n),
    connect,
  )
  await inTurns(nodes.slice(0, lines ?? 0), hold)
  return { connections: nodes.length, ended }
})
