/** A node at which all who hold a line wait for a yes or no. Greets its parent with its peer id and address, and tells how it is when asked. */
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../src/network/identity/identity-key.ts'
import { createNode, nodeAddresses } from '../../src/network/node/node.ts'
import { AnswerLines } from '../../src/service/answers/answer-lines.ts'
import { SYSTEM_CLOCK } from '../../src/session/clock/system-clock.ts'
import { serve } from '../process/child.ts'
import { processUsage } from '../process/usage.ts'

const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
/** As many connections of one host as are measured. */
const limits = { maxConnectionsPerHost: 4_000, connectionsPerSecondPerHost: 4_000 }
const node = await createNode({ privateKey, listen: ['/ip4/127.0.0.1/tcp/0'], limits })
const waits = new Set(['request'])
const undecided = async (peers: readonly string[]) =>
  new Map(peers.map((peer) => [peer, waits] as const))
const lines = await new AnswerLines({ clock: SYSTEM_CLOCK, undecided }).start(node)

serve({ peer: node.peerId.toString(), address: nodeAddresses(node)[0] }, () => {
  return { ...processUsage(true), lines: lines.count }
})
