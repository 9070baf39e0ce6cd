import { join } from 'node:path'
import { createDialer } from '../../src/network/dial/dial.ts'
import { privateKeyFromBytes } from '../../src/network/identity/identity-key.ts'
import { createNode, nodeAddresses } from '../../src/network/node/node.ts'
import { serveTallySync } from '../../src/network/node/serve.ts'
import { stopNode } from '../../src/network/node/stop-node.ts'
import { TALLY_SYNC } from '../../src/network/stream/wire-protocol.ts'
import { GuardTurns } from '../../src/service/sync/guard-turns.ts'
import { seekOnce } from '../../src/service/sync/seek-once.ts'
import { SyncServer } from '../../src/service/sync/sync-server.ts'
import { changeSigner } from '../../src/service/tallies/change-signer.ts'
import type { Transport, TransportListener } from '../../src/session/ports/transport.ts'
import { tallyRecords } from '../../src/store/records/tally-records.ts'
import { partnerAddressRecords } from '../../src/store/sync/partner-address-records.ts'
import { openStore } from '../../src/store/transaction/store.ts'
import { DocumentGuard } from '../../src/tally/guard/guarded-document.ts'
import { serve } from '../process/child.ts'
import { costSince, type SyncCost } from './sync-cost.ts'

// One party of a sync, with its store and its node: answers who comes, and seeks whom it is told.
const [storeFile = '', key = ''] = process.argv.slice(2)
const keyBytes = Buffer.from(key, 'base64')
const store = openStore(storeFile)
const node = await createNode({
  privateKey: privateKeyFromBytes(keyBytes),
  listen: ['/ip4/127.0.0.1/tcp/0'],
})
// The thread as it is shipped: that of the sources would have to make JavaScript of itself in each process first.
const file = join(import.meta.dirname, '../../dist/tally/guard/document-thread.js')
const newGuard = () => new DocumentGuard({ file })
const signer = changeSigner(keyBytes)
const ports = { store, turns: new GuardTurns(), signer, now: Date.now, newGuard }
const server = new SyncServer(ports, () => [])
await serveTallySync(node, (transport) => server.accept(transport))
const wire = { messages: 0, bytes: 0 }
// What is imported late is loaded as compiled code where it is shipped.
await import('../../src/service/sync/answer-partner.ts')
const before = process.cpuUsage()
const startedAt = performance.now()

function count(payload: Uint8Array): void {
  wire.messages += 1
  wire.bytes += payload.length
}

/** The same stream, with both directions counted. */
function counted(transport: Transport): Transport {
  const heard = (listener: TransportListener): TransportListener => ({
    frame: (payload) => {
      count(payload)
      listener.frame(payload)
    },
    problem: (problem) => listener.problem(problem),
    ended: () => listener.ended(),
    closed: (clean) => listener.closed(clean),
  })
  return new Proxy(transport, {
    get: (target, name) => {
      if (name === 'listen') return (to: TransportListener) => target.listen(heard(to))
      if (name === 'send') {
        return async (payload: Uint8Array) => {
          count(payload)
          await target.send(payload)
        }
      }
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

async function seek(partner: string, addresses: readonly string[]): Promise<SyncCost> {
  const dialer = createDialer(node, {}, undefined, TALLY_SYNC)
  await store.transact(() => partnerAddressRecords.learn(partner, addresses, 1))
  const tallies = await store.query(() => tallyRecords.ofPartner(partner, 10_000))
  const counting = {
    localPeer: dialer.localPeer,
    dial: async (...to: Parameters<typeof dialer.dial>) => counted(await dialer.dial(...to)),
  }
  const seekPorts = { ...ports, dialer: counting, addresses: [] }
  const { failure } = await seekOnce(seekPorts, partner, tallies, new AbortController().signal)
  if (failure !== undefined) throw failure
  return { ...costSince(before, startedAt), ...wire }
}

serve<{ readonly seek?: string; readonly at?: readonly string[] }>(
  nodeAddresses(node),
  async ({ seek: partner, at = [] }) =>
    partner === undefined ? costSince(before, startedAt) : await seek(partner, at),
  async () => {
    await server.stop()
    await stopNode(node)
    store.close()
  },
)
