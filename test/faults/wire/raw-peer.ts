import { onTestFinished } from 'vitest'
import { createDialer } from '../../../src/network/dial/dial.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { createDialNode } from '../../../src/network/node/node.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import { decodeLink } from '../../../src/protocol/link/link.ts'
import { secretToText } from '../../../src/protocol/link/secret.ts'
import { decodeMessage, encodeMessage } from '../../../src/protocol/message/message-codec.ts'
import type { Message, RefusalCode } from '../../../src/protocol/message/messages.ts'
import type { Dialer } from '../../../src/session/ports/dialer.ts'

/** Where the inviter is to be found. */
export interface Place {
  readonly peerId: string
  readonly addresses: readonly string[]
}

/** How long an answer may take, ms: a hang's bound. */
const PATIENCE_MS = 30_000

/** A real node that sends bytes of the test's choosing, on a stream of its own each time. */
export class RawPeer {
  readonly #dialer: Dialer

  private constructor(dialer: Dialer) {
    this.#dialer = dialer
  }

  static async start(): Promise<RawPeer> {
    const node = await createDialNode({
      privateKey: privateKeyFromBytes(generatePrivateKeyBytes()),
    })
    onTestFinished(() => void stopNode(node))
    return new RawPeer(createDialer(node))
  }

  get peerId(): string {
    return this.#dialer.localPeer
  }

  /** A contact as this peer would send it. */
  contact(linkText: string, bootstrapId: string): Uint8Array {
    const link = decodeLink(linkText)
    return encodeMessage({
      type: 'InboundContact',
      bootstrapId,
      secret: secretToText(link.secret),
      partyId: this.peerId,
      role: link.role,
      identity: {},
      cadre: [],
    })
  }

  /** @returns the first frame of the answer, or nothing if the stream ended without one */
  async say({ peerId, addresses }: Place, payload: Uint8Array): Promise<Uint8Array | undefined> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const transport = await this.#dialer.dial(peerId, addresses, signal)
    const { promise, resolve } = Promise.withResolvers<Uint8Array | undefined>()
    transport.listen({
      frame: (answer) => resolve(answer),
      problem: () => resolve(undefined),
      ended: () => undefined,
      closed: () => resolve(undefined),
    })
    await transport.send(payload)
    const answer = await promise
    void transport.close()
    return answer
  }

  /** As often as "still under way" is the answer. */
  async insist(place: Place, payload: Uint8Array): Promise<Uint8Array | undefined> {
    for (;;) {
      const answer = await this.say(place, payload)
      const refusal = refusalIn(answer)
      if (refusal !== 'in_progress') return answer
      // In step with one another, only one of a wave would get through each time.
      await new Promise((resolve) => setTimeout(resolve, 500 * Math.random()))
    }
  }
}

/** The refusal's code, `approved`, or `nothing`. */
export function refusalIn(answer: Uint8Array | undefined): RefusalCode | 'approved' | 'nothing' {
  if (answer === undefined) return 'nothing'
  const message: Message = decodeMessage(answer)
  if (message.type !== 'ProvisioningResult') throw new TypeError(`a ${message.type}?`)
  return message.approved ? 'approved' : message.code
}
