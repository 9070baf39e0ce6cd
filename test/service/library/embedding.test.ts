import { join } from 'node:path'
import type { Libp2p } from '@libp2p/interface'
import { expect, it, onTestFinished } from 'vitest'
import { createMemoryHooks } from '../../../src/hooks/memory/create-memory-hooks.ts'
import type { HostHooks, TokenAnswer } from '../../../src/hooks/session-hooks.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { recommendedLibp2pOptions } from '../../../src/network/node/node-options.ts'
import type { Role } from '../../../src/protocol/base/role.ts'
import { durableHooks } from '../../../src/service/library/durable-hooks.ts'
import { SessionManager } from '../../../src/service/library/libp2p-session-manager.ts'
import { mintInvitation } from '../../../src/service/library/mint-invitation.ts'
import type { SessionConfig } from '../../../src/session/config/session-config.ts'
import { openMemoryStore, openStore } from '../../../src/store/transaction/store.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { hostNode } from '../../support/service/host-nodes.ts'

const CONFIG = {
  sessionTimeoutMs: 30_000,
  stepTimeoutMs: 5_000,
  maxConcurrentSessions: 100,
  rateLimitPerPeer: 10,
}

function drained(manager: SessionManager): SessionManager {
  onTestFinished(async () => void (await manager.drain(1_000)))
  return manager
}

function invite(node: Libp2p, role: Role, uses: number | null = 1) {
  const addresses = node.getMultiaddrs().map(String)
  return mintInvitation({ inviter: node.peerId.toString(), role, addresses, uses })
}

/** The least that a host can bring: tokens are texts, and databases have names of the host's own. */
function leastHooks() {
  const tokens = new Map<string, TokenAnswer>()
  const used: string[] = []
  const built: string[] = []
  const hooks: HostHooks = {
    token: {
      validate: async (token: string) => tokens.get(token),
      markUsed: async (token: string, _sessionId: string) => void used.push(token),
    },
    identity: { validate: async (bundle) => bundle['name'] !== 'Mallory' },
    database: {
      provision: async (createdBy, initiatorPeerId, respondentPeerId, _sessionId) => {
        const tallyId = `${initiatorPeerId.slice(-8)}-${respondentPeerId.slice(-8)}`
        built.push(tallyId)
        const endpoint = `abacus://localhost/${tallyId}`
        return {
          tally: { tallyId, createdBy },
          dbConnectionInfo: { endpoint, credentialsRef: 'vault' },
        }
      },
    },
  }
  return { hooks, tokens, used, built }
}

it.each(['stock', 'foil'] as const)(
  'hooks that take texts and answer the least make one tally for both sides (%s)',
  async (role) => {
    const [alices, bobs] = [leastHooks(), leastHooks()]
    const [alice, bob] = [await hostNode(), await hostNode()]
    const inviter = drained(new SessionManager(alices.hooks, CONFIG))
    inviter.on('warning', () => undefined)
    const ended: unknown[] = []
    const complaints: string[] = []
    inviter.on('ended', (summary) => ended.push(summary))
    inviter.on('hookComplaint', (hook, detail) => complaints.push(`${hook}: ${detail}`))
    await inviter.registerWithLibP2P(alice)
    const { link, token } = invite(alice, role)
    const { expiryUtc } = token.info
    alices.tokens.set(token.tokenId, { initiatorRole: role, expiryUtc, identityRequirements: null })
    const invitee = drained(new SessionManager(bobs.hooks, CONFIG))
    const outcome = await invitee.initiateBootstrap(link, bob)
    const tallyId = [...alices.built, ...bobs.built][0]
    expect(complaints).toEqual([])
    expect(outcome).toMatchObject({ completed: true, tallyId, database: { engine: 'unknown' } })
    await expect.poll(() => ended).toMatchObject([{ state: 'COMPLETED', tallyId }])
    await expect.poll(() => alices.used).toEqual([token.tokenId])
    expect([alices.built.length, bobs.built.length]).toEqual(role === 'stock' ? [1, 0] : [0, 1])
    // The same peer again has the tally that it has; another one hears that the use is spent.
    expect(await invitee.initiateBootstrap(link, bob)).toMatchObject({ completed: true, tallyId })
    const carol = drained(new SessionManager(leastHooks().hooks))
    const late = await carol.initiateBootstrap(link, await hostNode())
    expect(late).toMatchObject({ completed: false, reason: 'used' })
  },
)

it('a token that a host does not find is refused as one that there is not', async () => {
  const [alice, bob] = [await hostNode(), await hostNode()]
  const { hooks, tokens, built } = leastHooks()
  const inviter = drained(new SessionManager(hooks, CONFIG))
  inviter.on('warning', () => undefined)
  await inviter.registerWithLibP2P(alice)
  const { link } = invite(alice, 'stock')
  const invitee = drained(new SessionManager(createMemoryHooks()))
  expect(await invitee.initiateBootstrap(link, bob)).toMatchObject({ reason: 'invalid_token' })
  expect([tokens.size, built.length]).toEqual([0, 0])
})

/** A host with everything in one directory: once, until it stops. */
async function durableHost(directory: string, key: Uint8Array, port: number) {
  const privateKey = privateKeyFromBytes(key)
  const listen = [`/ip4/127.0.0.1/tcp/${port}`]
  const node = await hostNode(recommendedLibp2pOptions({ privateKey, listen }))
  const store = openStore(join(directory, 'host.db'))
  const hooks = durableHooks(store)
  const manager = new SessionManager(hooks, CONFIG, { store })
  await manager.registerWithLibP2P(node)
  const stop = async () => {
    await manager.drain(1_000)
    await node.stop()
    store.close()
  }
  return { node, hooks, manager, stop }
}

it('a host that starts again on its directory knows a peer by its link, and who is another', async () => {
  const directories = [await temporaryDirectory(), await temporaryDirectory()] as const
  const keys = [generatePrivateKeyBytes(), generatePrivateKeyBytes()] as const
  const before = await durableHost(directories[0], keys[0], 0)
  const { link, token } = invite(before.node, 'stock')
  await before.hooks.token.issue(token)
  const bob = await durableHost(directories[1], keys[1], 0)
  const first = await bob.manager.initiateBootstrap(link, bob.node)
  expect(first.completed).toBe(true)
  await bob.stop()
  const port = Number(before.node.getMultiaddrs()[0]?.toString().split('/')[4])
  await before.stop()

  const again = await durableHost(directories[0], keys[0], port)
  // Bob has lost what he knew, but his key.
  const forgetful = await durableHost(await temporaryDirectory(), keys[1], 0)
  const carol = await durableHost(await temporaryDirectory(), generatePrivateKeyBytes(), 0)
  const tallyId = first.completed ? first.tallyId : undefined
  const second = await forgetful.manager.initiateBootstrap(link, forgetful.node)
  expect(second).toMatchObject({ completed: true, tallyId })
  const other = await carol.manager.initiateBootstrap(link, carol.node)
  expect(other).toMatchObject({ completed: false, reason: 'used' })
  for (const host of [again, forgetful, carol]) await host.stop()
})

/** A bound for a hang, ms: fifty nodes' work takes its time on a machine that is busy. */
const CROWD_MS = 120_000

it('fifty guests at once all get their tally, all nodes with the recommended options', {
  timeout: CROWD_MS,
}, async () => {
  const config: Partial<SessionConfig> = CONFIG
  const alice = await hostNode(recommendedLibp2pOptions({ listen: ['/ip4/127.0.0.1/tcp/0'] }))
  const hooks = createMemoryHooks()
  const inviter = drained(new SessionManager(hooks, config))
  await inviter.registerWithLibP2P(alice)
  expect(inviter.warnings).toEqual([])
  const { link, token } = invite(alice, 'stock', null)
  hooks.token.issue(token)
  const guests = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const node = await hostNode(recommendedLibp2pOptions())
      return { node, manager: drained(new SessionManager(createMemoryHooks())) }
    }),
  )
  const outcomes = await Promise.all(
    guests.map(({ node, manager }) => manager.initiateBootstrap(link, node)),
  )
  expect(outcomes.filter(({ completed }) => !completed)).toEqual([])
})

it('a node that will turn guests away is told of when it is registered', async () => {
  const manager = drained(new SessionManager(createMemoryHooks(), CONFIG))
  const heard: string[] = []
  manager.on('warning', (text) => heard.push(text))
  await manager.registerWithLibP2P(await hostNode())
  expect(heard).toEqual(manager.warnings)
  expect(heard.join()).toContain('inboundConnectionThreshold is 5')
})

it.each([true, false])(
  'sessions are counted for a host that wants it (%s), and only then',
  async (metricsEnabled) => {
    const [alice, bob] = [await hostNode(), await hostNode()]
    const hooks = createMemoryHooks()
    const inviter = drained(new SessionManager(hooks, { ...CONFIG, metricsEnabled }))
    inviter.on('warning', () => undefined)
    expect(await inviter.metrics()).toBeUndefined()
    await inviter.registerWithLibP2P(alice)
    expect(inviter.listenerCount('session')).toBe(metricsEnabled ? 1 : 0)
    const { link, token } = invite(alice, 'stock')
    hooks.token.issue(token)
    const invitee = drained(new SessionManager(createMemoryHooks()))
    expect(await invitee.initiateBootstrap(link, bob)).toMatchObject({ completed: true })
    if (!metricsEnabled) expect(await inviter.metrics()).toBeUndefined()
    else {
      const over = 'taleus_sessions_total{side="listener",state="COMPLETED",reason="none"} 1'
      await expect.poll(() => inviter.metrics()).toContain(over)
    }
  },
)

it('a token hook that hangs is in the host’s audit, by its step, and the host hears of it', async () => {
  const [alice, bob] = [await hostNode(), await hostNode()]
  const store = openMemoryStore()
  onTestFinished(() => store.close())
  const { hooks } = leastHooks()
  const never = { ...hooks.token, validate: () => new Promise<never>(() => undefined) }
  const inviter = new SessionManager({ ...hooks, token: never }, { stepTimeoutMs: 300 }, { store })
  const complaints: string[] = []
  inviter.on('warning', () => undefined)
  inviter.on('hookComplaint', (hook, detail) => complaints.push(`${hook}: ${detail}`))
  await inviter.registerWithLibP2P(alice)
  const invitee = drained(new SessionManager(createMemoryHooks()))
  const identity = { name: 'Bob' }
  const outcome = await invitee.initiateBootstrap(invite(alice, 'stock').link, bob, { identity })
  expect(outcome).toMatchObject({ reason: 'timed_out', detail: 'no progress in VALIDATING_TOKEN' })
  expect(complaints).toEqual(['token.validate: no answer in time'])
  await inviter.drain(1_000)
  const records = JSON.stringify(store.read(({ audit }) => [...audit.rows()]))
  expect(records).toContain('VALIDATING_TOKEN')
})
