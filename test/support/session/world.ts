import {
  createMemoryHooks,
  type MemoryHooks,
} from '../../../src/hooks/memory/create-memory-hooks.ts'
import { MemoryTokens } from '../../../src/hooks/memory/memory-tokens.ts'
import type { SessionHooks, TokenInfo } from '../../../src/hooks/session-hooks.ts'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import type { LinkContent } from '../../../src/protocol/link/link-content.ts'
import { secretHashOf, tokenIdOf } from '../../../src/protocol/link/secret.ts'
import { decodeMessage } from '../../../src/protocol/message/message-codec.ts'
import type { Message } from '../../../src/protocol/message/messages.ts'
import { isSignedBy } from '../../../src/protocol/receipt/receipt-signature.ts'
import type { SessionConfig } from '../../../src/session/config/session-config.ts'
import type { BootstrapOutcome } from '../../../src/session/dialer/outcome.ts'
import type { RedeemRequest } from '../../../src/session/dialer/redeem-request.ts'
import { SessionCore } from '../../../src/session/manager/session-core.ts'
import type { Dialer } from '../../../src/session/ports/dialer.ts'
import type { SessionSummary } from '../../../src/session/ports/session-summary.ts'
import type { SessionStore } from '../../../src/session/ports/store.ts'
import type { Witness } from '../../../src/session/ports/witness.ts'
import type { Party } from '../../../src/session/run/party.ts'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { openMemoryStore, type Store } from '../../../src/store/transaction/store.ts'
import { type MemoryTransport, memoryTransportPair, type WireFaults } from '../memory-transport.ts'
import { signingKey } from '../signing-key.ts'
import { readNow } from '../store/read-now.ts'
import { VirtualClock } from '../virtual-clock.ts'

const MANY_TURNS = 60

/** Let everything happen that needs no time to pass. */
export async function settle(turns: number = MANY_TURNS): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

export interface NodeInit {
  readonly hooks?: (own: MemoryHooks) => SessionHooks
  readonly store?: (own: Store) => SessionStore
  readonly config?: Partial<SessionConfig>
  readonly party?: Partial<Omit<Party, 'peerId'>>
  readonly processId?: string
  readonly isGone?: (process: string) => boolean
  readonly isDenied?: (peerId: string) => boolean
  /** @default one that `signs` says */
  readonly publicKey?: Uint8Array
  /** @default none: no checkpoints go either way */
  readonly witness?: (own: Store) => Witness
  /** False: a node of before there were receipts, under another peer id. @default true unless there is a `publicKey` */
  readonly signs?: boolean
  /** What it signs with instead of its key. */
  readonly sign?: (bytes: Uint8Array) => Uint8Array
}

/** Of 65,536 different ones. */
function keyFor(name: number): Uint8Array {
  const key = new Uint8Array(32).fill(name % 256)
  if (name >= 256) key.set([Math.floor(name / 256), 255 - (name % 256)])
  return key
}

/** What a node of that name signs with. */
export function signatureOf(name: number): (bytes: Uint8Array) => Uint8Array {
  return signingKey(keyFor(name)).sign
}

/** One party's machine. */
export class TestNode {
  readonly clock: VirtualClock
  readonly publicKey: Uint8Array
  readonly peerId: string
  readonly store: Store
  readonly own: MemoryHooks
  readonly manager: SessionCore
  readonly ended: SessionSummary[] = []
  readonly complaints: string[] = []
  readonly storeFailures: unknown[] = []
  readonly alarms: string[] = []
  readonly refused: string[] = []

  constructor(name: number, clock: VirtualClock, init: NodeInit = {}) {
    this.clock = clock
    const key = signingKey(keyFor(name))
    const { signs = init.publicKey === undefined } = init
    this.publicKey = init.publicKey ?? (signs ? key.publicKey : keyFor(name))
    this.peerId = peerIdOfPublicKey(this.publicKey)
    this.store = openMemoryStore()
    this.own = createMemoryHooks({ tokens: new MemoryTokens(() => clock.now()) })
    const party: Party = { peerId: this.peerId, identity: {}, cadre: [], ...init.party }
    const config = { rateLimitPerPeer: 1_000, maxSessionsPerPeer: 1_000, ...init.config }
    this.manager = new SessionCore(init.hooks?.(this.own) ?? this.own, config, {
      store: init.store?.(this.store) ?? this.store,
      party: () => party,
      clock,
      // On this thread: no test waits for another one.
      verify: (...all) => Promise.resolve(isSignedBy(...all)),
      ...(signs ? { sign: init.sign ?? key.sign } : {}),
      ...(init.processId === undefined ? {} : { processId: init.processId }),
      ...(init.isDenied === undefined ? {} : { isDenied: init.isDenied }),
      ...(init.isGone === undefined ? {} : { isGone: init.isGone }),
      ...(init.witness === undefined ? {} : { witness: init.witness(this.store) }),
    })
    this.manager.on('ended', (summary) => this.ended.push(summary))
    this.manager.on('refused', (_peer, code) => this.refused.push(code))
    this.manager.on('hookComplaint', (hook, detail) => this.complaints.push(`${hook}: ${detail}`))
    this.manager.on('alarmed', (_session, detail) => this.alarms.push(detail))
    this.manager.on('storeFailed', (error) => this.storeFailures.push(error))
  }

  /** The security and token events of the audit, as `event` or `event/code`. */
  get auditEvents(): readonly string[] {
    return [...this.store.repositories.audit.rows()].flatMap(({ text }) => {
      const { data } = JSON.parse(text)
      if (typeof data.event !== 'string') return []
      return [data.code === undefined ? data.event : `${data.event}/${data.code}`]
    })
  }

  get tallies() {
    return this.store.query(() => tallyRecords.list(100))
  }

  get sessions(): readonly SessionSummary[] {
    return readNow(this.store, () => sessionRecords.list({ limit: 1_000 }))
  }
}

export interface WorldInit {
  readonly inviter?: NodeInit
  readonly invitee?: NodeInit
}

export type TokenWish = Partial<Omit<TokenInfo, 'tokenId'>> & { readonly secret?: number }

/** Two nodes, a wire between them, and time that only moves when told to. */
export class World {
  readonly clock = new VirtualClock()
  readonly alice: TestNode
  readonly bob: TestNode
  /** Every stream there was. */
  readonly streams: { readonly dialer: MemoryTransport; readonly listener: MemoryTransport }[] = []
  faults: WireFaults = {}

  constructor({ inviter, invitee }: WorldInit = {}) {
    this.alice = new TestNode(1, this.clock, inviter)
    this.bob = new TestNode(2, this.clock, invitee)
  }

  /** A third party. */
  stranger(name: number, init: NodeInit = {}): TestNode {
    return new TestNode(name, this.clock, init)
  }

  /** An invitation of Alice's, as the link says it. One hour, one use, unless told otherwise. */
  invite({ secret = 7, ...wish }: TokenWish = {}): LinkContent {
    const bytes = new Uint8Array(16).fill(secret)
    const info = {
      initiatorRole: 'stock',
      expiryUtc: new Date(this.clock.now() + 3_600_000).toISOString(),
      identityRequirements: [],
      usesAllowed: 1,
      terms: { unit: 'EUR' },
      ...wish,
    } as const
    this.alice.own.token.issue({
      tokenId: tokenIdOf(bytes),
      secretHash: secretHashOf(bytes),
      info,
    })
    return {
      role: info.initiatorRole,
      secret: bytes,
      expiresAt: Math.floor(Date.parse(info.expiryUtc) / 1000),
      publicKey: this.alice.publicKey,
      addresses: ['/ip4/127.0.0.1/tcp/1'],
    }
  }

  /** Opens a stream to Alice, or to another process of hers, as the network would. */
  open(from: TestNode, inviter: TestNode = this.alice): MemoryTransport {
    const pair = memoryTransportPair(from.peerId, inviter.peerId, this.clock, this.faults)
    this.streams.push(pair)
    inviter.manager.accept(pair.listener)
    return pair.dialer
  }

  dialerOf(from: TestNode, inviter: TestNode = this.alice): Dialer {
    return {
      localPeer: from.peerId,
      dial: async (_peer, _addresses, signal) => {
        signal.throwIfAborted()
        return this.open(from, inviter)
      },
    }
  }

  /** Begin to redeem; the outcome may need time to pass. */
  redeem(
    link: LinkContent,
    rest: Partial<RedeemRequest> = {},
    from: TestNode = this.bob,
    inviter: TestNode = this.alice,
  ): Promise<BootstrapOutcome> {
    const request = { link, identity: {}, cadre: [], ...rest }
    const outcome = from.manager.redeem(request, this.dialerOf(from, inviter))
    // Whoever waits for it hears of a failure; whoever does not must not crash the test.
    outcome.catch(() => undefined)
    return outcome
  }

  /** Redeem, in no time. */
  async redeemed(
    link: LinkContent,
    rest: Partial<RedeemRequest> = {},
    from: TestNode = this.bob,
  ): Promise<BootstrapOutcome> {
    const outcome = await this.redeem(link, rest, from)
    await settle()
    return outcome
  }

  /** What both sides said on the nth stream, in the order in which each said it. */
  said(nth: number): {
    readonly dialer: readonly Message[]
    readonly listener: readonly Message[]
  } {
    const stream = this.streams.at(nth)
    const messages = (payloads: readonly Uint8Array[] = []) =>
      payloads.map((payload) => decodeMessage(payload))
    return { dialer: messages(stream?.dialer.sent), listener: messages(stream?.listener.sent) }
  }

  /** Let time pass in small steps, so that what one deadline starts can meet the next one. */
  async pass(ms: number, step = 500): Promise<void> {
    await settle()
    for (let passed = 0; passed < ms; passed += step) {
      this.clock.advance(Math.min(step, ms - passed))
      await settle(20)
    }
    await settle()
  }

  /** What must not be left over once everything is quiet. */
  get leftovers(): {
    readonly timers: number
    readonly sessions: number
    readonly openStreams: number
  } {
    const nodes = [this.alice, this.bob]
    return {
      timers: this.clock.timers,
      sessions: nodes.reduce((sum, each) => sum + each.manager.getActiveSessionCounts().total, 0),
      openStreams: this.streams.filter(({ listener }) => !listener.over).length,
    }
  }
}

export const NOTHING_LEFT = { timers: 0, sessions: 0, openStreams: 0 }
