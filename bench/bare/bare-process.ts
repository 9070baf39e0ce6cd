/**
 * One side of the bare exchange, in a process of its own: `bare-process.ts plain|tuned FRAMES` listens and greets its
 * parent with the address; with that address behind, it is the side that dials.
 */
import { DEFAULT_NETWORK_LIMITS } from '../../src/network/base/limits.ts'
import { LoadClient } from '../load/load-client.ts'
import { serve } from '../process/child.ts'
import { processUsage } from '../process/usage.ts'
import { createBareNode, playBare } from './bare-exchange.ts'
import { parseFrames } from './frames.ts'

const PROTOCOL = '/taleus/bench/bare/1.0.0'
/** Messages until the invitee has its first answer. */
const FIRST_ANSWER = 2

const [, , kind = '', frameList = '', server] = process.argv
const frames = parseFrames(frameList)
if (server === undefined) {
  const node = await createBareNode(kind, ['/ip4/127.0.0.1/tcp/0'])
  // The client sees and counts a broken stream.
  await node.handle(PROTOCOL, (stream) => void playBare(stream, 'inviter', frames), {
    maxInboundStreams: DEFAULT_NETWORK_LIMITS.maxStreamsPerConnection,
  })
  const address = String(node.getMultiaddrs()[0])
  serve(address, ({ collect }: { readonly collect: boolean }) => processUsage(collect))
} else {
  const client = new LoadClient({
    server,
    protocol: PROTOCOL,
    play: (stream, _localPeer, { holds }) =>
      playBare(stream, 'invitee', frames, holds ? FIRST_ANSWER : undefined),
    newId: () => '',
    createNode: () => createBareNode(kind),
  })
  client.start('ready')
}
