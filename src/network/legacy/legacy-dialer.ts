import type { LegacyInvitation } from '../../protocol/legacy/legacy-invitee.ts'
import type { Dialer } from '../../session/ports/dialer.ts'
import type { Transport } from '../../session/ports/transport.ts'
import type { StreamDialer } from '../dial/dial.ts'
import { LegacyDialedExchange } from './legacy-dialed-exchange.ts'

/** Opens exchanges with the older inviter of one invitation, as transports of today's messages. */
export class LegacyDialer implements Dialer {
  readonly #streams: StreamDialer
  readonly #invitation: LegacyInvitation

  /** @param streams of the older protocol */
  constructor(streams: StreamDialer, invitation: LegacyInvitation) {
    this.#streams = streams
    this.#invitation = invitation
  }

  get localPeer(): string {
    return this.#streams.localPeer
  }

  async dial(peer: string, addresses: readonly string[], signal: AbortSignal): Promise<Transport> {
    const first = await this.#streams.dial(peer, addresses, signal)
    return new LegacyDialedExchange(first, this.#invitation, () => this.#streams.again(first))
  }
}
