import { requiredFields } from '../../hooks/required-fields.ts'
import type { HostHooks, SessionHooks } from '../../hooks/session-hooks.ts'
import { createDialer } from '../../network/dial/dial.ts'
import { signWithKeyBytes } from '../../network/identity/key-bytes.ts'
import {
  connectionOf,
  type HostConnection,
  type HostNode,
  type HostStream,
  nodeOf,
  streamOf,
} from '../../network/node/host-node.ts'
import type { NetworkNode } from '../../network/node/node.ts'
import { nodeWarnings } from '../../network/node/node-warnings.ts'
import { serveBootstrap } from '../../network/node/serve.ts'
import { createTransport } from '../../network/stream/stream-transport.ts'
import { ANSWER_LINE } from '../../network/stream/wire-protocol.ts'
import { compact } from '../../protocol/base/compact.ts'
import { decodeLink } from '../../protocol/link/link.ts'
import type { LinkContent } from '../../protocol/link/link-content.ts'
import type { IdentityBundle } from '../../protocol/message/messages.ts'
import { SYSTEM_CLOCK } from '../../session/clock/system-clock.ts'
import { checkedConfig } from '../../session/config/checked-config.ts'
import type { SessionConfig } from '../../session/config/session-config.ts'
import type { BootstrapOutcome } from '../../session/dialer/outcome.ts'
import type { RedeemRequest } from '../../session/dialer/redeem-request.ts'
import { type Drained, within } from '../../session/manager/drain.ts'
import { SessionCore } from '../../session/manager/session-core.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import { openMemoryStore } from '../../store/transaction/store.ts'
import { AnswerLines } from '../answers/answer-lines.ts'
import { NotRegisteredError } from '../errors.ts'
import { createLegacyDialer } from '../redeeming/legacy-dialer.ts'
import { RefusalKeeper } from '../trail/refusal-keeper.ts'
import { countedSessions } from './counted-sessions.ts'
import { DurableTokens } from './durable-hooks.ts'
import { initiatePatiently, type WaitOptions } from './initiate-patiently.ts'
import { NOBODY_TOLD } from './nobody-told.ts'

/** How long the last record of refusals may take at the end, ms: as long as parking. */
const LAST_RECORD_MS = 1_000

/** A host's account of itself, and the store for what must survive. */
export interface SessionManagerInit {
  /** Disclosed to an invitee once it is approved, and in the draft. @default {} */
  readonly identity?: IdentityBundle
  /** Multiaddrs, with peer id, of the nodes that shall host this side's half. @default [] */
  readonly cadre?: readonly string[]
  /** Shown in offers, before anything else is disclosed. @default none */
  readonly publicName?: string
  /**
   * The node's private key as libp2p writes it (`privateKeyToProtobuf`), to sign receipts with.
   * @default none: this side signs no receipts
   */
  readonly key?: Uint8Array
  /** Journal, ledger and audit. @default in memory, gone with the process */
  readonly store?: SessionStore
  /**
   * Asked for each stream before anything of it is read, so it must answer at once: true turns the peer away as `denied`.
   * @default nobody is; `hooks.peers.isDenied` of durable hooks
   */
  readonly isDenied?: (peerId: string) => boolean | Promise<boolean>
}

/** How to redeem one link. */
export interface InitiateOptions extends Partial<Omit<RedeemRequest, 'link'>>, WaitOptions {}

/**
 * The session core, wired to a libp2p node of yours.
 *
 * Events: `session` (a session moved), `ended`, `refused`, `hookComplaint`, `storeFailed`, `warning`;
 * see `SessionEvents`.
 */
export class SessionManager extends SessionCore {
  readonly #init: SessionManagerInit
  readonly #store: SessionStore
  /** Attempts of strangers, whose sessions leave no record, are recorded in sum. */
  readonly #refusals: RefusalKeeper
  #node: NetworkNode | undefined
  #unregister: (() => Promise<void>) | undefined
  #answers: AnswerLines | undefined
  #warnings: readonly string[] = []
  #metrics: (() => Promise<string>) | undefined

  /**
   * @param hooks your policy and storage; `createMemoryHooks()` to begin with, `durableHooks(store)` to keep things
   * @param config limits and deadlines, see `SessionConfig` for units and defaults
   */
  /** @throws TypeError that names a setting which can't be meant, or a hook that is not there */
  constructor(
    hooks: HostHooks,
    config: Partial<SessionConfig> = {},
    init: SessionManagerInit = {},
  ) {
    const store = init.store ?? openMemoryStore()
    super(withDefaults(hooks), checkedConfig(config), {
      store,
      party: () => this.#party(),
      ...(init.key === undefined ? {} : { sign: signWithKeyBytes(init.key) }),
      ...(init.isDenied === undefined ? {} : { isDenied: init.isDenied }),
    })
    this.#init = init
    this.#store = store
    if (hooks.token instanceof DurableTokens)
      hooks.token.endRequestsBy(store, (ids) => this.operator.outdateRequests(ids))
    const onFailure = (error: unknown) => void this.emit('storeFailed', error)
    this.#refusals = new RefusalKeeper({ store, sessions: this, onFailure })
  }

  /** Why the node will turn guests away, in sentences; known from `registerWithLibP2P` on. */
  get warnings(): readonly string[] {
    return this.#warnings
  }

  /**
   * Answers the bootstrap protocol on this node. A node that will turn guests away is told of: in `warnings`, by the
   * event `warning`, or where nobody listens for that as a warning of the process.
   * @param hostNode a libp2p node; its Ed25519 peer id is the party id
   */
  async registerWithLibP2P(hostNode: HostNode): Promise<void> {
    const node = nodeOf(hostNode)
    this.#node = node
    this.#warn(nodeWarnings(node, this.config.maxConcurrentSessions))
    if (this.config.metricsEnabled) this.#metrics ??= await countedSessions(this)
    this.#unregister = await serveBootstrap(node, (transport) => this.accept(transport))
    const undecided = (peers: readonly string[]) => this.#store.lookups.requests.waitingOf(peers)
    this.#answers = await new AnswerLines({ clock: SYSTEM_CLOCK, undecided }).start(node)
    this.start()
  }

  /**
   * For hosts that register the protocol themselves.
   * @throws NotRegisteredError before `registerWithLibP2P` or `useNode`
   */
  handleNewStream(stream: HostStream, connection: HostConnection): void {
    this.#party()
    this.accept(createTransport(streamOf(stream), connectionOf(connection)))
  }

  /**
   * Sessions, counted and timed since `registerWithLibP2P`, in the text format of Prometheus: never who they were.
   * @returns undefined before that, and if `metricsEnabled` was false then
   */
  async metrics(): Promise<string | undefined> {
    return await this.#metrics?.()
  }

  /** Learns which node this is, without answering on it. */
  useNode(node: HostNode): void {
    this.#node = nodeOf(node)
  }

  /**
   * Redeems a link over this node. What the other side does is an outcome, never an exception.
   * @param link the text, or what `decodeLink` made of it
   * @throws LinkError if the text is no link; StoreError if the store can't be written; CommitInDoubtError if it did not
   *   answer in time: the same link goes on with whatever is stored
   */
  async initiateBootstrap(
    link: string | LinkContent,
    hostNode: HostNode,
    options: InitiateOptions = {},
  ): Promise<BootstrapOutcome> {
    const node = nodeOf(hostNode)
    this.#node ??= node
    const content = typeof link === 'string' ? decodeLink(link) : link
    const identity = options.identity ?? this.#init.identity ?? {}
    const cadre = options.cadre ?? this.#init.cadre ?? []
    const { waitMs, onWait, ...request } = options
    const dialer =
      content.legacy === undefined
        ? createDialer(node)
        : await createLegacyDialer(node, this.#store, { ...content, legacy: content.legacy })
    const liner = createDialer(node, {}, undefined, ANSWER_LINE)
    const parts = { dialer, liner, config: this.config, redeem: this.redeem.bind(this) }
    const whole = { ...request, link: content, identity, cadre }
    return await initiatePatiently(parts, whole, compact({ waitMs, onWait }))
  }

  override start(): void {
    super.start()
    this.#refusals.start()
  }

  /** Takes nothing new, lets what is under way finish, then parks the rest. */
  override async drain(ms: number): Promise<Drained> {
    const result = await super.drain(ms)
    await Promise.all([this.#unregister?.(), this.#answers?.stop()])
    this.#unregister = undefined
    this.#answers = undefined
    await within(SYSTEM_CLOCK, LAST_RECORD_MS, this.#refusals.stop())
    return result
  }

  #warn(warnings: readonly string[]): void {
    this.#warnings = warnings
    for (const text of warnings) {
      if (!this.emit('warning', text)) process.emitWarning(text, { code: 'TALEUS_NODE' })
    }
  }

  #party() {
    if (this.#node === undefined) throw new NotRegisteredError()
    const { identity = {}, cadre = [], publicName } = this.#init
    const party = { peerId: this.#node.peerId.toString(), identity, cadre }
    return publicName === undefined ? party : { ...party, publicName }
  }
}

/** @throws TypeError that names a hook which has to be there and is not */
function withDefaults({ token, identity, database, audit }: HostHooks): SessionHooks {
  const needed = {
    'token.validate': token?.validate,
    'token.markUsed': token?.markUsed,
    'database.provision': database?.provision,
  }
  for (const [name, hook] of Object.entries(needed)) {
    if (typeof hook !== 'function') throw new TypeError(`hooks.${name} must be a function`)
  }
  return { token, identity: identity ?? requiredFields, database, audit: audit ?? NOBODY_TOLD }
}
