import { networkInterfaces } from 'node:os'
import type { Connection, Stream } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { addressKey } from '../../protocol/link/address-key.ts'
import { classifyAddress } from '../address/address-scope.ts'
import { toError } from '../base/to-error.ts'
import { readMessage, sendLastMessage, sendMessage } from '../circuit/message-stream.ts'
import { ControlBudget } from '../guard/control-budget.ts'
import { patientDeadline } from '../guard/patient-deadline.ts'
import type { NetworkNode } from '../node/node.ts'
import { STRICT_STREAM } from '../patch/strict-negotiation.ts'
import {
  DIAL_BACK_PROTOCOL,
  DIAL_REQUEST_PROTOCOL,
  DIAL_STATUS,
  type DialRequest,
  type DialStatus,
  dialAnswerBytes,
  dialBackBytes,
  REQUEST_STATUS,
  readDialRequest,
} from './dial-back-messages.ts'

/** Milliseconds that a dial has, with the words on it: as long as a dialer gives one address. */
const DIAL_MS = 5_000

/** Milliseconds for a request to come, and for its answer to go, beside the dial. */
const REQUEST_MS = 5_000

/** Addresses of one request that are looked at: a listener has some. */
const MAX_ADDRESSES = 8

/** Requests of one connection at once. */
const MAX_STREAMS = 2

/** Dials at once, of everybody: each is a socket and a handshake. */
const MAX_DIALS = 16

/** Dials back to one host at once, whoever asks there: the addresses of some listeners behind one router. */
const MAX_DIALS_TO_HOST = 16

/** Milliseconds until one more dial to that host: to look for open ports of one's own router that way takes years. */
const DIAL_EACH_MS = 10_000

/** Hosts whose budgets are remembered: more than have a place. */
const MAX_HOSTS = 2_048

/** Ways to a port that are dialled; TLS would be about names, which prove nothing here. */
const DIALABLE = /^\/ip[46]\/[^/]+\/tcp\/[1-9]\d*(?:\/ws)?$/

/** The end of a request to be dialled back. */
export type DialBackEnd = 'met' | 'not_met' | 'refused'

export interface DialBackServerInit {
  readonly node: NetworkNode
  /** Only those who have a place may ask. */
  hasPlace(connection: Connection): boolean
  /** Must not throw. */
  told(end: DialBackEnd): void
  /** Tells whether the host that a peer is seen at can be dialled from outside. @default a public IP address of another computer */
  mayDial?(address: string): boolean
}

/**
 * Dials peers at the IP address that they are seen at, and at no other, on the port that they name: so that they know whether
 * others come in there. The peer must prove its id; then a number of 64 bits is shown, and that is all.
 */
export class DialBackServer {
  readonly #init: DialBackServerInit
  readonly #budgets = new Map<string, ControlBudget>()
  #dials = 0

  constructor(init: DialBackServerInit) {
    this.#init = init
  }

  async start(): Promise<void> {
    const handler = (stream: Stream, connection: Connection) => this.#hear(stream, connection)
    await this.#init.node.handle(DIAL_REQUEST_PROTOCOL, handler, { maxInboundStreams: MAX_STREAMS })
  }

  async stop(): Promise<void> {
    await this.#init.node.unhandle(DIAL_REQUEST_PROTOCOL)
  }

  /** Answers the one request of a stream. Never rejects. */
  async #hear(stream: Stream, connection: Connection): Promise<void> {
    if (stream.status !== 'open') return
    const over = new AbortController()
    const giveUp = (): void => over.abort()
    const clear = patientDeadline(DIAL_MS + REQUEST_MS, giveUp)
    stream.addEventListener('close', giveUp)
    try {
      const request = readDialRequest(await readMessage(stream, over.signal))
      if (request === undefined) throw new Error('no request to be dialled back')
      const answer = await this.#answer(request, connection, over.signal)
      if (stream.status === 'open') await sendLastMessage(stream, answer)
    } catch (error) {
      stream.abort(toError(error))
    } finally {
      clear()
      stream.removeEventListener('close', giveUp)
    }
  }

  async #answer(
    { addresses, nonce }: DialRequest,
    connection: Connection,
    signal: AbortSignal,
  ): Promise<Uint8Array> {
    const { hasPlace, told } = this.#init
    const seen = hostOf(connection.remoteAddr)
    const index = addresses
      .slice(0, MAX_ADDRESSES)
      .findIndex((bytes) => this.#isOf(seen, textOf(bytes)))
    const isTaken = hasPlace(connection) && this.#dials < MAX_DIALS && this.#spend(connection)
    if (!isTaken || index < 0) {
      told('refused')
      return dialAnswerBytes(isTaken ? REQUEST_STATUS.refused : REQUEST_STATUS.rejected)
    }
    this.#dials += 1
    try {
      const target = `${textOf(addresses[index])}/p2p/${connection.remotePeer.toString()}`
      const end = await this.#dial(multiaddr(target), nonce, signal)
      told(end === DIAL_STATUS.ok ? 'met' : 'not_met')
      return dialAnswerBytes(REQUEST_STATUS.ok, index, end)
    } finally {
      this.#dials -= 1
    }
  }

  /** An address of the host that the peer is seen at. */
  #isOf(seen: string, address: string): boolean {
    const { mayDial = isElsewhere } = this.#init
    return DIALABLE.test(address) && hostOf(address) === seen && mayDial(address)
  }

  async #dial(target: Multiaddr, nonce: bigint, signal: AbortSignal): Promise<DialStatus> {
    const own = new AbortController()
    const giveUp = (): void => own.abort()
    const clear = patientDeadline(DIAL_MS, giveUp)
    signal.addEventListener('abort', giveUp)
    let connection: Connection | undefined
    try {
      connection = await this.#init.node.dial(target, { signal: own.signal, force: true })
      const options = { signal: own.signal, ...STRICT_STREAM }
      const stream = await connection.newStream([DIAL_BACK_PROTOCOL], options)
      sendMessage(stream, dialBackBytes(nonce))
      await readMessage(stream, own.signal)
      return DIAL_STATUS.ok
    } catch {
      return connection === undefined ? DIAL_STATUS.dialError : DIAL_STATUS.dialBackError
    } finally {
      clear()
      signal.removeEventListener('abort', giveUp)
      connection?.abort(new Error('it was dialled back'))
    }
  }

  #spend({ remoteAddr }: Connection): boolean {
    const key = addressKey(remoteAddr.toString()) ?? ''
    const budget =
      this.#budgets.get(key) ?? new ControlBudget(MAX_DIALS_TO_HOST, undefined, DIAL_EACH_MS)
    this.#budgets.delete(key)
    this.#budgets.set(key, budget)
    const [oldest = ''] = this.#budgets.keys()
    if (this.#budgets.size > MAX_HOSTS) this.#budgets.delete(oldest)
    try {
      budget.spend()
      return true
    } catch {
      return false
    }
  }
}

/** A proxy before the relay, or the relay's own computer, is not where the peer is. */
function isElsewhere(address: string): boolean {
  const own = Object.values(networkInterfaces()).flatMap((infos) => infos ?? [])
  const [, , host] = address.split('/')
  return classifyAddress(address) === 'public' && !own.some((info) => info.address === host)
}

/** Family and host of a multiaddr, `/ip4/…`. */
function hostOf(address: Multiaddr | string): string {
  const [, family, host] = address.toString().split('/')
  return `/${family}/${host}`
}

function textOf(bytes: Uint8Array | undefined): string {
  try {
    return bytes === undefined ? '' : multiaddr(bytes).toString()
  } catch {
    return ''
  }
}
