import type { RelayBound } from '../../protocol/base/relay-bound.ts'
import { legacyDatabase } from '../../protocol/legacy/legacy-database.ts'
import {
  approvalOfLegacy,
  type LegacyInvitation,
  legacyContact,
  offerOfLegacy,
} from '../../protocol/legacy/legacy-invitee.ts'
import { encodeLegacy, parseLegacyResponse } from '../../protocol/legacy/legacy-messages.ts'
import { refusalOfLegacy } from '../../protocol/legacy/legacy-refusals.ts'
import { decodeMessage, encodeMessage } from '../../protocol/message/message-codec.ts'
import type {
  Approval,
  DatabaseResultMessage,
  InboundContact,
  Message,
} from '../../protocol/message/messages.ts'
import type { Transport, TransportListener } from '../../session/ports/transport.ts'
import type { StreamTransport } from '../stream/stream-transport.ts'

/**
 * The exchange with an older inviter, as the invitee's session knows one: a transport of today's messages over the older
 * one's two streams. What an older inviter can't be asked, its offer, is told from the link; what it never says, that it
 * has taken the result, is told for it when it ends the result's stream in good order.
 */
export class LegacyDialedExchange implements Transport {
  readonly protocol = '1.0.0'
  readonly #first: StreamTransport
  readonly #invitation: LegacyInvitation
  readonly #openSecond: () => Promise<StreamTransport>
  #second: StreamTransport | undefined
  #listener: TransportListener | undefined
  #contact: InboundContact | undefined
  #approval: Approval | undefined
  #isAnswered = false
  #isOver = false

  /** @param openSecond opens another stream on the connection of the first */
  constructor(
    first: StreamTransport,
    invitation: LegacyInvitation,
    openSecond: () => Promise<StreamTransport>,
  ) {
    this.#first = first
    this.#invitation = invitation
    this.#openSecond = openSecond
  }

  get remotePeer(): string {
    return this.#first.remotePeer
  }

  get remoteAddress(): string {
    return this.#first.remoteAddress
  }

  get bytesIn(): number {
    return this.#first.bytesIn
  }

  get bytesOut(): number {
    return this.#first.bytesOut + (this.#second?.bytesOut ?? 0)
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
    this.#first.listen({
      frame: (payload) => this.#readAnswer(payload),
      problem: (problem) => listener.problem(problem),
      ended: () => {
        if (!this.#isAnswered) listener.ended()
      },
      closed: (clean, bound) => {
        // foil: the rest goes over the second stream.
        if (this.#approval === undefined || this.#approval.built !== undefined)
          this.#finish(clean, bound)
      },
    })
  }

  async send(payload: Uint8Array): Promise<void> {
    const message = decodeMessage(payload)
    switch (message.type) {
      case 'Inspect':
        queueMicrotask(() => this.#say(() => offerOfLegacy(this.#invitation)))
        return
      case 'InboundContact':
        this.#contact = message
        await this.#first.send(encodeLegacy(legacyContact(message, this.#invitation)))
        void this.#first.endWriting()
        return
      case 'DatabaseResult':
        return await this.#deliver(message)
      default:
      // Nothing that an older inviter knows.
    }
  }

  pause(): void {
    for (const each of this.#streams) each.pause()
  }

  resume(): void {
    for (const each of this.#streams) each.resume()
  }

  async close(): Promise<void> {
    await Promise.all(this.#streams.map((each) => each.close()))
    this.#finish(true)
  }

  reset(): void {
    for (const each of this.#streams) each.reset()
    this.#finish(false)
  }

  get #streams(): readonly StreamTransport[] {
    return this.#second === undefined ? [this.#first] : [this.#first, this.#second]
  }

  #readAnswer(bytes: Uint8Array): void {
    this.#isAnswered = true
    this.#say(() => {
      const response = parseLegacyResponse(bytes)
      if (!response.approved) return refusalOfLegacy(response)
      if (this.#contact === undefined) throw new TypeError('nothing was asked')
      this.#approval = approvalOfLegacy(response, this.#contact, this.#invitation)
      return this.#approval
    })
  }

  /** foil: hands over what this side has built. */
  async #deliver({ redemptionId, built }: DatabaseResultMessage): Promise<void> {
    const second = await this.#openSecond()
    this.#second = second
    const { tallyId } = built.tally
    let isRefused = false
    second.listen({
      // None is foreseen; but a "no" is no "yes".
      frame: (payload) => {
        isRefused = isNo(payload)
      },
      problem: () => this.#listener?.problem('legacy_message'),
      ended: () =>
        this.#say(() => {
          const receipt = { type: 'Receipt', redemptionId, tallyId } as const
          return isRefused
            ? { ...receipt, outcome: 'refused', code: 'database_refused' }
            : { ...receipt, outcome: 'confirmed' }
        }),
      closed: (clean, bound) => this.#finish(clean, bound),
    })
    await second.send(encodeLegacy(legacyDatabase(built)))
    void second.endWriting()
  }

  /** Says something for the inviter. */
  #say(make: () => Message): void {
    let payload: Uint8Array
    try {
      payload = encodeMessage(make())
    } catch {
      this.#listener?.problem('legacy_message')
      return
    }
    this.#listener?.frame(payload)
  }

  #finish(clean: boolean, bound?: RelayBound): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#listener?.closed(clean, bound)
  }
}

function isNo(payload: Uint8Array): boolean {
  try {
    return !parseLegacyResponse(payload).approved
  } catch {
    return false
  }
}
