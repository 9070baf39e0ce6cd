import { randomBytes } from 'node:crypto'
import type { Connection, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { toError } from '../base/to-error.ts'
import { readMessage, sendLastMessage, sendMessage } from '../circuit/message-stream.ts'
import type { NetworkNode } from '../node/node.ts'
import { STRICT_STREAM } from '../patch/strict-negotiation.ts'
import {
  DIAL_BACK_PROTOCOL,
  DIAL_REQUEST_PROTOCOL,
  DIAL_STATUS,
  dialBackTakenBytes,
  dialRequestBytes,
  REQUEST_STATUS,
  readDialAnswer,
  readDialBack,
} from './dial-back-messages.ts'

/** Milliseconds that somebody who has dialled back has to say why. */
const WORD_MS = 5_000

/**
 * The result of asking to be dialled back. `met`: somebody came in and knew the number. `not_met`: the other side could not
 * connect. `other_host`: it sees us at another IP address, and dials no other. `rejected`: not now, or not for us. `silent`:
 * no answer that says anything. `unsupported`: it dials nobody back. `false_word`: it says that it came, and nobody did.
 */
export type DialBackAnswer =
  | 'met'
  | 'not_met'
  | 'other_host'
  | 'rejected'
  | 'silent'
  | 'unsupported'
  | 'false_word'

/** Asks peers to dial this node at an address, and hears of those who come whether it is they. */
export class DialBackClient {
  readonly #node: NetworkNode
  /** Of each request under way: true once somebody has come in and shown it. */
  readonly #nonces = new Map<bigint, boolean>()

  constructor(node: NetworkNode) {
    this.#node = node
  }

  async start(): Promise<void> {
    const handler = async (stream: Stream, connection: Connection): Promise<void> =>
      await this.#hear(stream, connection)
    await this.#node.handle(DIAL_BACK_PROTOCOL, handler, { maxInboundStreams: 1 })
  }

  async stop(): Promise<void> {
    await this.#node.unhandle(DIAL_BACK_PROTOCOL)
  }

  /** @param address multiaddr of a host and a port, without peer id */
  async ask(peer: Connection, address: string, signal: AbortSignal): Promise<DialBackAnswer> {
    const nonce = randomBytes(8).readBigUInt64LE()
    this.#nonces.set(nonce, false)
    try {
      const stream = await peer.newStream([DIAL_REQUEST_PROTOCOL], { signal, ...STRICT_STREAM })
      try {
        sendMessage(stream, dialRequestBytes({ addresses: [multiaddr(address).bytes], nonce }))
        const answer = readDialAnswer(await readMessage(stream, signal))
        return this.#judge(answer, this.#nonces.get(nonce) === true)
      } finally {
        stream.abort(new Error('it was answered'))
      }
    } catch (error) {
      return toError(error).name === 'UnsupportedProtocolError' ? 'unsupported' : 'silent'
    } finally {
      this.#nonces.delete(nonce)
    }
  }

  #judge(answer: ReturnType<typeof readDialAnswer>, hasCome: boolean): DialBackAnswer {
    if (answer === undefined) return 'silent'
    if (answer.type === 'data') return 'other_host'
    const { status, dialStatus } = answer
    if (status === REQUEST_STATUS.refused) return 'other_host'
    if (status !== REQUEST_STATUS.ok) return 'rejected'
    if (dialStatus !== DIAL_STATUS.ok) return 'not_met'
    return hasCome ? 'met' : 'false_word'
  }

  /** A peer may dial back under another id, so the number alone tells who it is. libp2p aborts the stream if this throws. */
  async #hear(stream: Stream, { direction, remoteAddr }: Connection): Promise<void> {
    if (this.#nonces.size === 0) throw new Error('nobody was asked to come')
    if (direction !== 'inbound') throw new Error('this is no way in')
    const nonce = readDialBack(await readMessage(stream, AbortSignal.timeout(WORD_MS)))
    if (nonce === undefined || !this.#nonces.has(nonce)) throw new Error(`unknown: ${remoteAddr}`)
    this.#nonces.set(nonce, true)
    await sendLastMessage(stream, dialBackTakenBytes())
  }
}
