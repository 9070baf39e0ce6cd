import { createServer, type Server } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createMemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { createDialNode, createNode, nodeAddresses } from '../../../src/network/node/node.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import { judgeReceipt } from '../../../src/protocol/receipt/judge-receipt.ts'
import { SessionManager } from '../../../src/service/library/libp2p-session-manager.ts'
import { mintInvitation } from '../../../src/service/library/mint-invitation.ts'
import { readReceipt } from '../../../src/service/receipts/read-receipt.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { readNow } from '../../support/store/read-now.ts'

const undo: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})

/** Takes connections and never says a word, like a firewall that drops what it does not like. */
async function silentAddress(): Promise<string> {
  const server: Server = createServer((socket) => void undo.push(async () => socket.destroy()))
  undo.push(() => new Promise((resolve) => server.close(resolve)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('not listening')
  return `/ip4/127.0.0.1/tcp/${address.port}`
}

function key() {
  return privateKeyFromBytes(generatePrivateKeyBytes())
}

it('every address of a link is tried, even if each silent one takes nearly a step', async () => {
  const inviter = await createNode({ privateKey: key(), listen: ['/ip4/127.0.0.1/tcp/0'] })
  undo.push(() => stopNode(inviter))
  const hooks = createMemoryHooks()
  const alice = new SessionManager(hooks)
  undo.push(() => alice.drain(0))
  await alice.registerWithLibP2P(inviter)
  const silent = [await silentAddress(), await silentAddress(), await silentAddress()]
  const { link, token } = mintInvitation({
    inviter: inviter.peerId.toString(),
    role: 'stock',
    addresses: [...silent, ...nodeAddresses(inviter)],
  })
  hooks.token.issue(token)
  const limits = { addressDialTimeoutMs: 800 }
  const invitee = await createDialNode({ privateKey: key(), limits })
  undo.push(() => stopNode(invitee))
  const bob = new SessionManager(createMemoryHooks(), { stepTimeoutMs: 1_000 })
  undo.push(() => bob.drain(0))
  expect(await bob.initiateBootstrap(link, invitee)).toMatchObject({ completed: true })
})

it.each(['stock', 'foil'] as const)(
  'two hosts that give their keys have a receipt signed by both (%s)',
  async (role) => {
    const keys = [generatePrivateKeyBytes(), generatePrivateKeyBytes()] as const
    const [hers, his] = keys.map(privateKeyFromBytes)
    if (hers === undefined || his === undefined) throw new Error('two keys')
    const inviter = await createNode({ privateKey: hers, listen: ['/ip4/127.0.0.1/tcp/0'] })
    undo.push(() => stopNode(inviter))
    const stores = [openMemoryStore(), openMemoryStore()] as const
    const hooks = createMemoryHooks()
    const alice = new SessionManager(hooks, {}, { key: keys[0], store: stores[0] })
    undo.push(() => alice.drain(0))
    await alice.registerWithLibP2P(inviter)
    const peerId = inviter.peerId.toString()
    const addresses = nodeAddresses(inviter)
    const { link, token } = mintInvitation({ inviter: peerId, role, addresses })
    hooks.token.issue(token)
    const invitee = await createDialNode({ privateKey: his })
    undo.push(() => stopNode(invitee))
    const bob = new SessionManager(createMemoryHooks(), {}, { key: keys[1], store: stores[1] })
    undo.push(() => bob.drain(0))
    expect(await bob.initiateBootstrap(link, invitee)).toMatchObject({ completed: true })
    const receipts = () =>
      stores.map((store, index) => {
        const [tally] = readNow(store, () => tallyRecords.list(1))
        const own = (index === 0 ? inviter : invitee).peerId.toString()
        return tally && readReceipt(tally, own)
      })
    // The acknowledgment is under way when the invitee is done.
    const patience = { timeout: 10_000 }
    await expect.poll(() => receipts()[0]?.signatures.invitee, patience).toBeDefined()
    const [mine, yours] = receipts()
    expect(mine).toEqual(yours)
    expect(mine && judgeReceipt(mine)).toEqual({ inviter: 'good', invitee: 'good' })
  },
)

it.each([
  [{}, 'token.validate'],
  [{ token: { validate: () => undefined } }, 'token.markUsed'],
  [{ token: createMemoryHooks().token, database: {} }, 'database.provision'],
])('hooks without one that is needed are refused by its name: %#', (hooks, name) => {
  expect(() => new SessionManager(hooks as never)).toThrow(`hooks.${name} must be a function`)
})
