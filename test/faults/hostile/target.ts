import { createConnection, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { createDialNode, type NetworkNode } from '../../../src/network/node/node.ts'
import { DEFAULT_RELAY_LIMITS } from '../../../src/network/relay-server/relay-limits.ts'
import { BOOTSTRAP_PROTOCOL } from '../../../src/network/stream/bootstrap-protocol.ts'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { encodeFrame } from '../../../src/protocol/frame/frame-encoder.ts'
import { decodeLink } from '../../../src/protocol/link/link.ts'
import { secretToText } from '../../../src/protocol/link/secret.ts'
import { encodeMessage } from '../../../src/protocol/message/message-codec.ts'

/**
 * Circuits that a relay gives one host, and one peer of it. Here all are on this computer, which a relay does not count: the
 * attacker, who is one host, counts for it.
 */
const { maxCircuitsPerHost, maxCircuitsFromPeer } = DEFAULT_RELAY_LIMITS

/** Connections of one peer that are of any use, where no relay counts them. */
const DIRECT_CONNECTIONS = 20

/** Whom to attack, and the tools for it. */
export class Target {
  /** What was done so far. */
  blows = 0
  readonly #addresses: readonly string[]
  readonly #peerId: string
  readonly #secret: string
  readonly #relay: string | undefined
  #circuits = 0

  /** @param relay by which to attack. @default straight */
  constructor(link: string, addresses: readonly string[], relay?: string) {
    this.#relay = relay
    const { publicKey, secret } = decodeLink(link)
    this.#addresses = addresses
    this.#peerId = peerIdOfPublicKey(publicKey)
    this.#secret = secretToText(secret)
  }

  /** A frame that asks for the offer; with the wrong secret, if so wished. */
  inspect(secret: string = this.#secret): Uint8Array {
    return encodeFrame(encodeMessage({ type: 'Inspect', secret }))
  }

  contact(partyId: string, bootstrapId: string): Uint8Array {
    return encodeFrame(
      encodeMessage({
        type: 'InboundContact',
        bootstrapId,
        secret: this.#secret,
        partyId,
        role: 'stock',
        identity: {},
        cadre: [],
        another: true,
      }),
    )
  }

  get peerId(): string {
    return this.#peerId
  }

  /** The relay before the target. @throws TypeError if there is none */
  get relay(): string {
    if (this.#relay === undefined) throw new TypeError('there is no relay')
    return this.#relay
  }

  /** Connections that one peer can have. */
  get connectionsOfPeer(): number {
    return this.#relay === undefined ? DIRECT_CONNECTIONS : maxCircuitsFromPeer
  }

  /** A bare TCP connection, to the WebSocket listener or to the other one. */
  socket(overWebSocket: boolean): Socket {
    const address = this.#addresses.find((each) => each.endsWith('/ws') === overWebSocket) ?? ''
    const socket = createConnection(Number(address.split('/')[4]), '127.0.0.1')
    socket.on('error', () => undefined)
    socket.on('connect', () => {
      this.blows += 1
    })
    return socket
  }

  async peer(): Promise<NetworkNode> {
    return await createDialNode({ privateKey: privateKeyFromBytes(generatePrivateKeyBytes()) })
  }

  /** A new connection, beside any that there is; by the relay as soon as it would give one. */
  async connect(node: NetworkNode): Promise<Connection> {
    if (this.#relay !== undefined) return await this.#byRelay(node, this.#relay)
    const address = this.#addresses.find((each) => !each.endsWith('/ws'))
    return await node.dial(multiaddr(`${address}/p2p/${this.#peerId}`), { force: true })
  }

  async #byRelay(node: NetworkNode, relay: string): Promise<Connection> {
    while (this.#circuits >= maxCircuitsPerHost) await sleep(20)
    this.#circuits += 1
    const over = (): void => {
      this.#circuits -= 1
    }
    try {
      const way = multiaddr(`${relay}/p2p-circuit/p2p/${this.#peerId}`)
      const connection = await node.dial(way, { force: true })
      connection.addEventListener('close', over)
      return connection
    } catch (error) {
      over()
      throw error
    }
  }

  async open(connection: Connection): Promise<Stream> {
    const stream = await connection.newStream([BOOTSTRAP_PROTOCOL], {
      maxOutboundStreams: 4_096,
      runOnLimitedConnection: true,
    })
    this.blows += 1
    return stream
  }
}

/** Again and again, however it ends; at once, but never without a turn of the event loop. */
export function forEver(work: () => Promise<unknown>, pauseMs = 0): void {
  const again = (): void => void setTimeout(() => forEver(work, pauseMs), pauseMs)
  work().then(again, again)
}

/** Resolves when the stream is over. */
export function overOf(stream: Stream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.status === 'open') stream.addEventListener('close', () => resolve())
    else resolve()
  })
}
