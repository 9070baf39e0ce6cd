import type { RelayBound } from '../../protocol/base/relay-bound.ts'
import {
  contactOfLegacy,
  legacyApproval,
  resultOfLegacy,
} from '../../protocol/legacy/legacy-inviter.ts'
import {
  encodeLegacy,
  type LegacyDatabase,
  parseLegacyInvitee,
} from '../../protocol/legacy/legacy-messages.ts'
import { legacyRefusal } from '../../protocol/legacy/legacy-refusals.ts'
import { decodeMessage, encodeMessage } from '../../protocol/message/message-codec.ts'
import { messageHash } from '../../protocol/message/message-hash.ts'
import type { Approval, InboundContact, Message, Refusal } from '../../protocol/message/messages.ts'
import type { Transport, TransportListener } from '../../session/ports/transport.ts'
import type { LegacyStream } from './legacy-stream.ts'

/** The exchanges of the same connection, as one of them needs them. */
export interface ExchangesOfConnection {
  /** The exchange waits for its second stream. */
  awaitResult(exchange: LegacyExchange): void
  /** It waits no more. */
  leave(exchange: LegacyExchange): void
}

/**
 * The exchange with an older invitee, as the inviter's session knows one: a transport of today's messages over the
 * older one's two streams.
 *
 * An older peer acknowledges nothing. Its acknowledgment is said for it as soon as the answer has left whole and both
 * sides have closed in good order.
 */
export class LegacyExchange implements Transport {
  readonly protocol = '1.0.0'
  readonly #first: LegacyStream
  readonly #others: ExchangesOfConnection
  #second: LegacyStream | undefined
  #listener: TransportListener | undefined
  #contact: InboundContact | undefined
  #approved: { readonly approval: Approval; readonly hash: string } | undefined
  #isOver = false

  constructor(first: LegacyStream, others: ExchangesOfConnection) {
    this.#first = first
    this.#others = others
  }

  get remotePeer(): string {
    return this.#first.transport.remotePeer
  }

  get remoteAddress(): string {
    return this.#first.transport.remoteAddress
  }

  get bytesIn(): number {
    return this.#first.transport.bytesIn + (this.#second?.transport.bytesIn ?? 0)
  }

  get bytesOut(): number {
    return this.#first.transport.bytesOut
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
    this.#first.attach({
      frame: (message) => this.#readContact(message),
      problem: (problem) => listener.problem(problem),
      // The end of what it said; if that was nothing, it has left.
      ended: () => {
        if (this.#contact === undefined) listener.ended()
      },
      closed: (clean, bound) => this.#firstClosed(clean, bound),
    })
  }

  async send(payload: Uint8Array): Promise<void> {
    const message = decodeMessage(payload)
    if (message.type === 'ProvisioningResult') {
      if (message.approved) await this.#approve(message, payload)
      else await this.#refuse(message)
    }
    // It hears of a good end by the stream's, of a bad one by a reset. Other messages are not for older peers.
    if (message.type === 'Receipt' && message.outcome === 'refused') this.#second?.transport.reset()
  }

  pause(): void {
    for (const each of this.#streams) each.transport.pause()
  }

  resume(): void {
    for (const each of this.#streams) each.transport.resume()
  }

  async close(): Promise<void> {
    await Promise.all(this.#streams.map((each) => each.transport.close()))
    this.#finish(true)
  }

  reset(): void {
    for (const each of this.#streams) each.transport.reset()
    this.#finish(false)
  }

  /** Takes the second stream: what the invitee has built. */
  takeResult(stream: LegacyStream, result: LegacyDatabase): void {
    const { approval } = this.#approved ?? {}
    if (approval === undefined || this.#contact === undefined) return stream.transport.reset()
    this.#second = stream
    this.#others.leave(this)
    stream.attach({
      frame: () => undefined,
      problem: () => undefined,
      ended: () => undefined,
      closed: (clean, bound) => this.#finish(clean, bound),
    })
    this.#say(() => resultOfLegacy(result, this.#contactOf(), approval))
  }

  /** The connection is gone, and with it whoever might open the second stream. */
  lost(): void {
    this.#finish(false)
  }

  get #streams(): readonly LegacyStream[] {
    return this.#second === undefined ? [this.#first] : [this.#first, this.#second]
  }

  #readContact(bytes: Uint8Array): void {
    this.#say(() => {
      const message = parseLegacyInvitee(bytes)
      if (message.kind === 'database') return undefined
      this.#contact = contactOfLegacy(message.contact, this.remotePeer)
      return this.#contact
    })
  }

  /** Says something for the invitee. @param make undefined: a result that nobody waits for */
  #say(make: () => Message | undefined): void {
    let payload: Uint8Array | undefined
    try {
      const message = make()
      payload = message && encodeMessage(message)
    } catch {
      // Not JSON, not the protocol's, or more than ours has room for.
      this.#listener?.problem('legacy_message')
      return
    }
    if (payload === undefined) this.#listener?.problem('legacy_result')
    else this.#listener?.frame(payload)
  }

  #contactOf(): InboundContact {
    if (this.#contact === undefined) throw new TypeError('nothing was asked')
    return this.#contact
  }

  async #approve(approval: Approval, payload: Uint8Array): Promise<void> {
    this.#approved = { approval, hash: messageHash(payload) }
    // Before it can answer.
    if (approval.built === undefined) this.#others.awaitResult(this)
    await this.#first.transport.send(encodeLegacy(legacyApproval(approval)))
    void this.#first.transport.endWriting()
  }

  async #refuse(refusal: Refusal): Promise<void> {
    const words = legacyRefusal(refusal)
    if (words === undefined) return this.reset()
    await this.#first.transport.send(encodeLegacy(words))
    void this.#first.transport.endWriting()
  }

  #firstClosed(clean: boolean, bound: RelayBound | undefined): void {
    if (this.#approved === undefined) return this.#finish(clean, bound)
    const { approval, hash: responseHash } = this.#approved
    // foil: the rest comes on the second stream.
    if (approval.built === undefined) return
    const { redemptionId } = approval
    if (clean) this.#say(() => ({ type: 'Acknowledgment', redemptionId, responseHash }))
    this.#finish(clean, bound)
  }

  #finish(clean: boolean, bound?: RelayBound): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#others.leave(this)
    this.#listener?.closed(clean, bound)
  }
}
