import type { LinkContent } from '../../../src/protocol/link/link-content.ts'
import { secretToText } from '../../../src/protocol/link/secret.ts'
import { decodeMessage, encodeMessage } from '../../../src/protocol/message/message-codec.ts'
import type {
  InboundContact,
  Message,
  RefusalCode,
} from '../../../src/protocol/message/messages.ts'
import type { Dialer } from '../../../src/session/ports/dialer.ts'
import { type MemoryTransport, memoryTransportPair } from '../memory-transport.ts'
import { settle, type TestNode, type World } from './world.ts'

/** A peer that says whatever the test wants, and remembers what it hears. */
export class ScriptedPeer {
  readonly transport: MemoryTransport
  readonly heard: Message[] = []
  readonly heardBytes: Uint8Array[] = []
  /** How the stream ended, if it did. */
  closed: 'cleanly' | 'reset' | undefined
  otherEnded = false
  readonly #answer: ((message: Message, peer: ScriptedPeer) => void) | undefined

  constructor(transport: MemoryTransport, answer?: (message: Message, peer: ScriptedPeer) => void) {
    this.transport = transport
    this.#answer = answer
    transport.listen({
      frame: (payload) => this.#hear(payload),
      problem: () => undefined,
      ended: () => {
        this.otherEnded = true
      },
      closed: (clean) => {
        this.closed = clean ? 'cleanly' : 'reset'
      },
    })
  }

  async say(message: Message): Promise<void> {
    await this.sayBytes(encodeMessage(message))
  }

  async sayBytes(payload: Uint8Array): Promise<void> {
    await this.transport.send(payload).catch(() => undefined)
    await settle()
  }

  /** Code of the last refusal heard, be it a refusal or a refusing receipt. */
  get refusal(): RefusalCode | undefined {
    const last = this.heard.at(-1)
    if (last?.type === 'ProvisioningResult' && !last.approved) return last.code
    return last?.type === 'Receipt' ? last.code : undefined
  }

  /** The types of what was heard. */
  get types(): readonly string[] {
    return this.heard.map(({ type }) => type)
  }

  #hear(payload: Uint8Array): void {
    const message = decodeMessage(payload)
    this.heardBytes.push(payload)
    this.heard.push(message)
    this.#answer?.(message, this)
  }
}

/** A stream to Alice with a script at its other end. */
export function scriptedInvitee(
  world: World,
  from: TestNode = world.bob,
  inviter: TestNode = world.alice,
): ScriptedPeer {
  return new ScriptedPeer(world.open(from, inviter))
}

/** What Bob would send, with changes. */
export function contactOf(
  link: LinkContent,
  from: TestNode,
  changes: Partial<InboundContact> = {},
): InboundContact {
  return {
    type: 'InboundContact',
    bootstrapId: 'bootstrap-1',
    secret: secretToText(link.secret),
    partyId: from.peerId,
    role: link.role,
    identity: {},
    cadre: [],
    ...changes,
  }
}

/** A dialer whose other end is a script instead of Alice. */
export function dialerToScript(
  world: World,
  answer: (message: Message, peer: ScriptedPeer) => void,
): Dialer & { readonly peers: ScriptedPeer[] } {
  const peers: ScriptedPeer[] = []
  return {
    peers,
    localPeer: world.bob.peerId,
    dial: async () => {
      const pair = memoryTransportPair(world.bob.peerId, world.alice.peerId, world.clock)
      world.streams.push(pair)
      peers.push(new ScriptedPeer(pair.listener, answer))
      return pair.dialer
    },
  }
}
