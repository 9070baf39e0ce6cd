import type { SessionHooks } from '../../hooks/session-hooks.ts'
import { createDialer, type DialNews, type HearDial } from '../../network/dial/dial.ts'
import { privateKeyFromBytes } from '../../network/identity/identity-key.ts'
import { signWithKeyBytes } from '../../network/identity/key-bytes.ts'
import { NeighbourDialer } from '../../network/neighbours/neighbour-dialer.ts'
import { createDialNode, type NetworkNode } from '../../network/node/node.ts'
import { stopNode } from '../../network/node/stop-node.ts'
import { ANSWER_LINE } from '../../network/stream/wire-protocol.ts'
import { compact } from '../../protocol/base/compact.ts'
import { decodeLink } from '../../protocol/link/link.ts'
import type { LinkContent } from '../../protocol/link/link-content.ts'
import type { IdentityBundle, Offer, Refusal } from '../../protocol/message/messages.ts'
import { ForwardOnlyClock } from '../../session/clock/forward-only-clock.ts'
import { SYSTEM_CLOCK } from '../../session/clock/system-clock.ts'
import type { SessionConfig } from '../../session/config/session-config.ts'
import type { LookFields } from '../../session/dialer/contact-message.ts'
import { declineOffer, inspectOffer, type Waiting } from '../../session/dialer/inspect-offer.ts'
import type { BootstrapOutcome } from '../../session/dialer/outcome.ts'
import type { RedeemRequest } from '../../session/dialer/redeem-request.ts'
import { SessionCore } from '../../session/manager/session-core.ts'
import type { Clock } from '../../session/ports/clock.ts'
import type { Dialer } from '../../session/ports/dialer.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import type { Witness } from '../../session/ports/witness.ts'
import { answered } from '../../session/ports/written.ts'
import { recoverSessions } from '../../session/recovery/recover-sessions.ts'
import { type AwaitAnswerOptions, awaitAnswer, type LineEnd } from '../answers/await-answer.ts'
import { createLegacyDialer } from './legacy-dialer.ts'
import { offerInLink } from './offer-in-link.ts'

export type { BootstrapOutcome, DialNews, HearDial }

/** The parts and settings that a redeemer is made of. */
export interface RedeemerInit {
  readonly store: SessionStore
  /** Where checkpoints of inviters' audits are kept. @default none are exchanged */
  readonly witness?: Witness
  readonly hooks: SessionHooks
  /** The private key's bytes, as in the key file. */
  readonly key: Uint8Array
  readonly config: Partial<SessionConfig>
  /** Hears of each address while it is dialled. @default nobody */
  readonly hearDial?: HearDial
  /** The clock that expiry is judged by. @default one of its own */
  readonly clock?: ForwardOnlyClock
  /**
   * This process, as others that share the store know it.
   * @default nameless: what a dead one held is free when its lease has run out
   */
  readonly process?: SharingProcess
}

export interface SharingProcess {
  readonly id: string
  /** True only if it is certain that the process of that id has ended. */
  isGone(id: string): boolean | undefined
}

/** How long streams may take to close at the end, ms; the answer is stored by then. */
const CLOSE_MS = 2_000

/** The invitee's node, for as long as one command needs it. */
export class Redeemer {
  readonly #init: RedeemerInit
  readonly #clock: ForwardOnlyClock
  #node: NetworkNode | undefined
  #dialer: Dialer | undefined
  /** Opens lines on which an answer is waited for. */
  #liner: Dialer | undefined
  #manager: SessionCore | undefined
  /** When to clear away again, monotonic ms. */
  #clearAt = Number.NEGATIVE_INFINITY

  constructor(init: RedeemerInit) {
    this.#init = init
    this.#clock = init.clock ?? new ForwardOnlyClock(SYSTEM_CLOCK)
  }

  /** @param link of an older peer's it speaks the older protocol. @default one of ours */
  async start(link?: LinkContent): Promise<void> {
    const { key, hooks, config, store, process, witness, hearDial } = this.#init
    const legacy = link?.legacy !== undefined
    const node = await createDialNode({ privateKey: privateKeyFromBytes(key), legacy })
    const peerId = node.peerId.toString()
    this.#node = node
    this.#dialer =
      link?.legacy === undefined
        ? new NeighbourDialer(createDialer(node, {}, hearDial))
        : await createLegacyDialer(node, store, { ...link, legacy: link.legacy }, hearDial)
    this.#liner = new NeighbourDialer(createDialer(node, {}, hearDial, ANSWER_LINE))
    this.#manager = new SessionCore(hooks, config, {
      store,
      clock: this.#clock,
      party: () => ({ peerId, identity: {}, cadre: [] }),
      sign: signWithKeyBytes(key),
      ...(process === undefined
        ? {}
        : { processId: process.id, isGone: (id: string) => process.isGone(id) }),
      ...compact({ witness }),
    })
  }

  /** Asks for the invitation's offer; an older one's is in its link. @throws see `inspectOffer` */
  async inspect(
    link: LinkContent,
    signal: AbortSignal,
    wanted?: LookFields,
  ): Promise<Offer | Refusal> {
    if (link.legacy !== undefined) return offerInLink(link, link.legacy, this.#clock.now())
    return await inspectOffer(link, this.#started().dialer, this.#waiting(signal), wanted)
  }

  /** "No, thank you." @throws see `inspectOffer` */
  async decline(
    link: LinkContent,
    signal: AbortSignal,
    reason?: string,
  ): Promise<Refusal | undefined> {
    return await declineOffer(link, this.#started().dialer, this.#waiting(signal), reason)
  }

  /** Redeems. What the other side does is an outcome. @throws StoreError */
  async redeem(request: RedeemRequest): Promise<BootstrapOutcome> {
    const { manager, dialer } = this.#started()
    if (this.#clock.monotonic() >= this.#clearAt) await this.#clearAway()
    const outcome = await manager.redeem(request, dialer)
    if (!isHeldHere(outcome)) return outcome
    await this.#clearAway()
    return await manager.redeem(request, dialer)
  }

  /** Holds a line to an inviter who is asked by hand. @throws see `awaitAnswer` */
  async awaitAnswer(link: LinkContent, options: AwaitAnswerOptions): Promise<LineEnd> {
    if (this.#liner === undefined) throw new TypeError('the redeemer was not started')
    return await awaitAnswer(this.#liner, link, options)
  }

  /** Redeems a link without a question. @throws LinkError, StoreError */
  async redeemText(text: string, identity: IdentityBundle): Promise<BootstrapOutcome> {
    return await this.redeem({ link: decodeLink(text), identity, cadre: [] })
  }

  /** The clock that waiting goes by. */
  get clock(): Clock {
    return this.#clock
  }

  /** The time by this computer's own clock as it is set now, ms since the epoch. */
  ownTime(): number {
    return this.#clock.now() - this.#clock.behindMs
  }

  /** The sessions, to watch their events. */
  get manager(): SessionCore {
    return this.#started().manager
  }

  /** Safe to call at any point. */
  async stop(): Promise<void> {
    await this.#manager?.drain(CLOSE_MS)
    if (this.#node !== undefined) await stopNode(this.#node)
  }

  /**
   * Frees what dead processes held, closes their sessions, and forgets some of the old ones. Done at the first
   * redemption, then now and then, and whenever somebody holds the link.
   */
  async #clearAway(): Promise<void> {
    const { store, process } = this.#init
    if (process === undefined) return
    const { maxSessionHistory, cleanupIntervalMs } = this.#started().manager.config
    this.#clearAt = this.#clock.monotonic() + cleanupIntervalMs
    await answered(store, 'pruneHistory', { op: 'pruneHistory', keep: maxSessionHistory })
    const isGone = (id: string) => process.isGone(id)
    await recoverSessions({ store, clock: this.#clock, isGone }, 'dialer')
  }

  /** The other side has a step's time to find its answer, and the words have one to come and go. */
  #waiting(signal: AbortSignal): Waiting {
    const { stepTimeoutMs } = this.#started().manager.config
    return { signal, patienceMs: 2 * stepTimeoutMs }
  }

  #started(): { readonly manager: SessionCore; readonly dialer: Dialer } {
    if (this.#manager === undefined || this.#dialer === undefined) {
      throw new TypeError('the redeemer was not started')
    }
    return { manager: this.#manager, dialer: this.#dialer }
  }
}

/** True if a process on this store works on the link; it may be dead. */
function isHeldHere(outcome: BootstrapOutcome): boolean {
  return !outcome.completed && outcome.reason === 'in_progress' && outcome.step === 'CREATED'
}
