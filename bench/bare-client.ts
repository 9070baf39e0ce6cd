/** The dialling side of the bare exchange, in a process of its own: runs the loads its parent sends. */
import { multiaddr } from '@multiformats/multiaddr'
import { BARE_PROTOCOL, FIRST_ANSWER, playExchange } from './bare-exchange.ts'
import { parseFrames } from './bare-frames.ts'
import { LoadClient } from './load-client.ts'
import { createPlainNode } from './plain-node.ts'

const [, , kind, frameList = '', server] = process.argv
const frames = parseFrames(frameList)

const client = new LoadClient({
  server: multiaddr(server),
  protocol: BARE_PROTOCOL,
  ...(kind === 'plain' ? { createNode: () => createPlainNode() } : {}),
  play: (stream, _localPeer, { holds }) =>
    playExchange(stream, 'invitee', frames, holds ? FIRST_ANSWER : undefined),
})
client.start('ready')
