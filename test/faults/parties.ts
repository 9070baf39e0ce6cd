import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFileHooks, type FileHooks } from '../../src/hooks/file/create-file-hooks.ts'
import { HOP_PROTOCOL } from '../../src/network/circuit/circuit-protocol.ts'
import { createDialer } from '../../src/network/dial/dial.ts'
import {
  generatePrivateKeyBytes,
  peerIdOf,
  privateKeyFromBytes,
} from '../../src/network/identity/identity-key.ts'
import {
  createDialNode,
  createNode,
  type NetworkNode,
  nodeAddresses,
} from '../../src/network/node/node.ts'
import { serveBootstrap } from '../../src/network/node/serve.ts'
import { stopNode } from '../../src/network/node/stop-node.ts'
import type { Role } from '../../src/protocol/base/role.ts'
import { decodeLink } from '../../src/protocol/link/link.ts'
import type { LinkContent } from '../../src/protocol/link/link-content.ts'
import { issueInvitation } from '../../src/service/invitations/issue-invitation.ts'
import type { SessionConfig } from '../../src/session/config/session-config.ts'
import type { BootstrapOutcome } from '../../src/session/dialer/outcome.ts'
import { SessionCore } from '../../src/session/manager/session-core.ts'
import type { Dialer } from '../../src/session/ports/dialer.ts'
import type { SessionSummary } from '../../src/session/ports/session-summary.ts'
import { openStore, type Store } from '../../src/store/transaction/store.ts'
import { type FaultPlan, FaultyTransport } from './wire/frame-fault.ts'

/** The deadlines under test: short, because most faults end in one of them. */
export const DEADLINES = {
  sessionTimeoutMs: 2_000,
  stepTimeoutMs: 700,
  provisionTimeoutMs: 700,
} as const

/** Nothing is refused or forgotten for reasons that are not under test. */
const ROOM = {
  maxConcurrentSessions: 1_000,
  maxSessionsPerPeer: 1_000,
  // Deadlines this short are missed on a slow machine.
  breakerFailures: 1_000_000,
  rateLimitPerPeer: 100_000,
  // Every journal is looked at in the end.
  maxSessionHistory: 1_000_000,
}

/** How long the last stream may take to be gone, ms: the grace of closing, and a hang's bound. */
const GONE_MS = 3_000

/** A plan for the streams of one peer, and the stream that it was carried out on. */
export class Saboteur {
  readonly plan: FaultPlan | undefined
  readonly streams: FaultyTransport[] = []

  constructor(plan?: FaultPlan) {
    this.plan = plan
  }

  get fired(): boolean {
    return this.streams.some(({ fired }) => fired)
  }
}

/** The inviter: a real node on loopback, a real store, the default hooks. */
export class Inviter {
  readonly ended: SessionSummary[] = []
  readonly complaints: string[] = []
  /** By the invitee's peer id. */
  readonly saboteurs = new Map<string, Saboteur>()
  readonly store: Store
  readonly manager: SessionCore
  readonly #directory: string
  readonly #node: NetworkNode
  readonly #hooks: FileHooks

  /** The relay by which invitees come; undefined: they come straight. */
  readonly #relay: string | undefined

  private constructor(directory: string, store: Store, node: NetworkNode, relay?: string) {
    this.#directory = directory
    this.#node = node
    this.#relay = relay
    this.store = store
    const hooks = createFileHooks({ store, eventFile: join(directory, 'events.jsonl') })
    this.#hooks = hooks
    const config = { ...ROOM, ...DEADLINES }
    const party = { peerId: this.peerId, identity: { name: 'Alice' }, cadre: [], publicName: 'Al' }
    this.manager = new SessionCore(hooks, config, { store, party: () => party })
    this.manager.on('ended', (summary) => this.ended.push(summary))
    this.manager.on('storeFailed', (error) => this.complaints.push(String(error)))
    this.manager.on('hookComplaint', (hook, detail) => this.complaints.push(`${hook}: ${detail}`))
  }

  /** @param relay multiaddr of a relay, the only way to it then. @default it is dialled */
  static async start(relay?: string): Promise<Inviter> {
    const directory = await mkdtemp(join(tmpdir(), 'taleus-inviter-'))
    const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
    const listen = relay === undefined ? ['/ip4/127.0.0.1/tcp/0'] : []
    const taken = Promise.withResolvers<void>()
    const relays = relay === undefined ? [] : [{ address: relay }]
    const node = await createNode({
      privateKey,
      listen,
      limits: { closeGraceMs: 300 },
      relays: { relays, onChange: ({ state }) => state === 'reserved' && taken.resolve() },
    })
    if (relay !== undefined) await taken.promise
    const inviter = new Inviter(directory, openStore(join(directory, 'taleus.db')), node, relay)
    await serveBootstrap(node, (transport) => {
      const saboteur = inviter.saboteurs.get(transport.remotePeer)
      const faulty = new FaultyTransport(transport, saboteur?.plan)
      saboteur?.streams.push(faulty)
      inviter.manager.accept(faulty)
    })
    inviter.manager.start()
    return inviter
  }

  get peerId(): string {
    return this.#node.peerId.toString()
  }

  /** The port that an invitee dials: its own, or its relay's. */
  get port(): number {
    const [address = ''] = this.#relay === undefined ? nodeAddresses(this.#node) : [this.#relay]
    return Number(address.split('/').at(-1))
  }

  /** The address at which it is met by way of a proxy before that port. */
  by(proxy: string): string {
    return this.#relay === undefined ? proxy : `${proxy}/p2p-circuit`
  }

  /** Bootstrap streams that are not over. */
  get openStreams(): number {
    return this.#node.getConnections().reduce((sum, { streams }) => sum + streams.length, 0)
  }

  /** A one-time invitation. */
  async invite(role: Role): Promise<LinkContent> {
    const grant = { role, uses: 1, required: ['name'], optional: [], terms: { unit: 'EUR' } }
    const addresses =
      this.#relay === undefined ? nodeAddresses(this.#node) : [`${this.#relay}/p2p-circuit`]
    const init = { peerId: this.peerId, addresses, expiresAt: Date.now() + 3_600_000 }
    return decodeLink((await issueInvitation(this.store, grant, init)).link)
  }

  async stop(): Promise<void> {
    await this.manager.drain(10_000)
    await stopNode(this.#node)
    this.#hooks.audit.flush()
    this.store.close()
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 })
  }
}

export interface Run {
  readonly outcome: BootstrapOutcome
  /** From the call to the outcome, ms. */
  readonly tookMs: number
  /** What is still there afterwards. */
  readonly left: { readonly sessions: number; readonly streams: readonly string[] }
}

/** The invitee: a store that lasts, and a node for each run. */
export class Invitee {
  readonly peerId: string
  readonly store: Store
  readonly #key = privateKeyFromBytes(generatePrivateKeyBytes())
  readonly #directory: string
  readonly #hooks: FileHooks

  private constructor(directory: string, store: Store) {
    this.#directory = directory
    this.store = store
    this.#hooks = createFileHooks({ store, eventFile: join(directory, 'events.jsonl') })
    this.peerId = peerIdOf(this.#key)
  }

  static async create(): Promise<Invitee> {
    const directory = await mkdtemp(join(tmpdir(), 'taleus-invitee-'))
    return new Invitee(directory, openStore(join(directory, 'taleus.db')))
  }

  /** Redeem once, as one process would. */
  async redeem(
    link: LinkContent,
    deadlines: Partial<SessionConfig>,
    saboteur = new Saboteur(),
  ): Promise<Run> {
    const node = await createDialNode({ privateKey: this.#key, limits: { closeGraceMs: 300 } })
    const real = createDialer(node)
    const dialer: Dialer = {
      localPeer: real.localPeer,
      dial: async (...all) => {
        const faulty = new FaultyTransport(await real.dial(...all), saboteur.plan)
        saboteur.streams.push(faulty)
        return faulty
      },
    }
    const manager = this.#manager(deadlines)
    try {
      const began = performance.now()
      const identity = { name: 'Bob' }
      const outcome = await manager.redeem({ link, identity, cadre: [] }, dialer)
      const tookMs = performance.now() - began
      await manager.drain(1_000)
      const sessions = manager.getActiveSessionCounts().total
      const left = { sessions, streams: await streamsLeft(node) }
      return { outcome, tookMs, left }
    } finally {
      await stopNode(node)
    }
  }

  async remove(): Promise<void> {
    this.#hooks.audit.flush()
    this.store.close()
    await rm(this.#directory, { recursive: true, force: true, maxRetries: 5 })
  }

  #manager(deadlines: Partial<SessionConfig>): SessionCore {
    const { store, peerId } = this
    const party = { peerId, identity: {}, cadre: [] }
    return new SessionCore(this.#hooks, { ...ROOM, ...deadlines }, { store, party: () => party })
  }
}

/**
 * Those that it opened itself: the other side's keep-alive looks in now and then. What carries a connection by a relay is
 * none of them.
 */
function ownStreams(node: NetworkNode) {
  return node
    .getConnections()
    .flatMap(({ streams }) => streams)
    .filter(({ direction, protocol }) => direction === 'outbound' && protocol !== HOP_PROTOCOL)
}

/** How each one stands that is not gone. */
async function streamsLeft(node: NetworkNode): Promise<readonly string[]> {
  const until = performance.now() + GONE_MS
  while (ownStreams(node).length > 0 && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return ownStreams(node).map(({ protocol, status }) => `'${protocol}' is ${status}`)
}
