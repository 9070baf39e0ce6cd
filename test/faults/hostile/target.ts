import { createConnection, type Socket } from 'node:net'
import type { Connection, Stream } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { createDialNode, type NetworkNode } from '../../../src/network/node/node.ts'
import { BOOTSTRAP_PROTOCOL } from '../../../src/network/stream/bootstrap-protocol.ts'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { encodeFrame } from '../../../src/protocol/frame/frame-encoder.ts'
import { decodeLink } from '../../../src/protocol/link/link.ts'
import { secretToText } from '../../../src/protocol/link/secret.ts'
import { encodeMessage } from '../../../src/protocol/message/message-codec.ts'

/** Whom to attack, and the tools for it. */
export class Target {
  /** What was done so far. */
  blows = 0
  readonly #addresses: readonly string[]
  readonly #peerId: string
  readonly #secret: string

  constructor(link: string, addresses: readonly string[]) {
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

  /** A new connection, beside any that there is. */
  async connect(node: NetworkNode): Promise<Connection> {
    const address = this.#addresses.find((each) => !each.endsWith('/ws'))
    return await node.dial(multiaddr(`${address}/p2p/${this.#peerId}`), { force: true })
  }

  async open(connection: Connection): Promise<Stream> {
    const stream = await connection.newStream([BOOTSTRAP_PROTOCOL], { maxOutboundStreams: 4_096 })
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
