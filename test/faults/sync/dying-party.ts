import { createDialer } from '../../../src/network/dial/dial.ts'
import { privateKeyFromBytes } from '../../../src/network/identity/identity-key.ts'
import { createNode, nodeAddresses } from '../../../src/network/node/node.ts'
import { serveTallySync } from '../../../src/network/node/serve.ts'
import { TALLY_SYNC } from '../../../src/network/stream/wire-protocol.ts'
import { decodeSyncFrame } from '../../../src/protocol/sync/sync-frames.ts'
import { GuardTurns } from '../../../src/service/sync/guard-turns.ts'
import type { SyncPorts } from '../../../src/service/sync/replica-ports.ts'
import { seekOnce } from '../../../src/service/sync/seek-once.ts'
import { SyncServer } from '../../../src/service/sync/sync-server.ts'
import { changeSigner } from '../../../src/service/tallies/change-signer.ts'
import type { Transport, TransportListener } from '../../../src/session/ports/transport.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { partnerAddressRecords } from '../../../src/store/sync/partner-address-records.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import { KillSwitch } from '../kill/kill-switch.ts'
import type { DyingOrders } from './dying-orders.ts'

// A party of a sync, in a process that dies at the named place. A host greets with its addresses; a seeker ends when it has synced.
const orders: DyingOrders = JSON.parse(process.argv[2] ?? '{}')
const killer = new KillSwitch(orders.death)
const key = Buffer.from(orders.key, 'base64')
const store = openStore(orders.file)

const killingStore: SyncPorts['store'] = {
  query: (question) => store.query(question),
  transact: (work) => killer.around('commit', () => store.transact(work)),
}

function killingTransport(transport: Transport): Transport {
  const heard = (listener: TransportListener): TransportListener => ({
    frame: (payload) => {
      killer.at(`hearing ${decodeSyncFrame(payload).type}`)
      listener.frame(payload)
    },
    problem: (problem) => listener.problem(problem),
    ended: () => listener.ended(),
    closed: (clean) => listener.closed(clean),
  })
  const send = (payload: Uint8Array) =>
    killer.around(`sending ${decodeSyncFrame(payload).type}`, () => transport.send(payload))
  return new Proxy(transport, {
    get: (target, name) => {
      if (name === 'listen') return (listener: TransportListener) => target.listen(heard(listener))
      if (name === 'send') return send
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

const node = await createNode({
  privateKey: privateKeyFromBytes(key),
  listen: ['/ip4/127.0.0.1/tcp/0'],
})
const ports = {
  store: killingStore,
  turns: new GuardTurns(),
  signer: changeSigner(key),
  now: Date.now,
}
if (orders.seek === undefined) {
  const server = new SyncServer(ports, () => [])
  await serveTallySync(node, (transport) => server.accept(killingTransport(transport)))
  process.send?.(nodeAddresses(node))
} else {
  const { peerId, at } = orders.seek
  await store.transact(() => partnerAddressRecords.learn(peerId, at, 1))
  const dialer = createDialer(node, {}, undefined, TALLY_SYNC)
  const killing = {
    localPeer: dialer.localPeer,
    dial: async (...to: Parameters<typeof dialer.dial>) =>
      killingTransport(await dialer.dial(...to)),
  }
  const tallies = await store.query(() => tallyRecords.ofPartner(peerId, 10))
  const never = new AbortController().signal
  await seekOnce({ ...ports, dialer: killing, addresses: [] }, peerId, tallies, never)
  process.exit()
}
