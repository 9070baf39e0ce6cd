import type { AbortOptions, ConnectionLimits, Stream } from '@libp2p/interface'
import { AbstractMultiaddrConnection, type SendResult } from '@libp2p/utils'
import type { Multiaddr } from '@multiformats/multiaddr'
import { type CircuitLimit, CircuitMeter } from './circuit-meter.ts'

/** Milliseconds that a stream which this side has ended waits for the other side; then it is aborted. */
const END_GRACE_MS = 2_000

/** The bytes of a stream, in one piece or in several. */
type Bytes = Parameters<AbstractMultiaddrConnection['onData']>[0]

/**
 * A connection to a peer beyond a relay: a stream on the connection to the relay, which is still to be secured. The relay
 * carries bytes, and can read none of what is said after that.
 */
export class CircuitConnection extends AbstractMultiaddrConnection {
  readonly #stream: Stream
  readonly #meter: CircuitMeter
  #hear: (() => void) | undefined

  /** @param remoteAddr with the ids of the relay and of the peer */
  constructor(stream: Stream, remoteAddr: Multiaddr, limit: CircuitLimit) {
    super({ remoteAddr, direction: stream.direction, log: stream.log })
    this.#stream = stream
    this.#meter = new CircuitMeter(limit)
    stream.addEventListener('close', ({ error }) => this.onTransportClosed(error))
    stream.addEventListener('remoteCloseWrite', () => {
      this.onRemoteCloseWrite()
      this.close().catch((error: Error) => this.abort(error))
    })
    stream.addEventListener('drain', () => void this.safeDispatchEvent('drain'))
    stream.addEventListener('message', ({ data }) => this.onData(data))
  }

  /** The rest of what the relay will carry by its own word, as it is now; undefined if it set no bounds. */
  get limits(): ConnectionLimits | undefined {
    return this.#meter.left
  }

  /** Resolves when the other side has said something or is gone, or has been silent for `ms`. */
  heard(deadline: (fired: () => void) => () => void): Promise<void> {
    return new Promise((resolve) => {
      const over = (): void => {
        clear()
        this.#hear = undefined
        this.removeEventListener('close', over)
        resolve()
      }
      const clear = deadline(() => this.abort(new Error('not a word')))
      if (this.readBufferLength > 0 || this.status !== 'open') over()
      else {
        this.#hear = over
        this.addEventListener('close', over)
      }
    })
  }

  override onData(data: Bytes): void {
    this.#meter.carry(data.byteLength)
    super.onData(data)
    this.#hear?.()
  }

  sendData(data: Bytes): SendResult {
    this.#meter.carry(data.byteLength)
    return { sentBytes: data.byteLength, canSendMore: this.#stream.send(data) }
  }

  async sendClose(options?: AbortOptions): Promise<void> {
    const stream = this.#stream
    const timer = setTimeout(
      () => stream.abort(new Error('the relay did not end it')),
      END_GRACE_MS,
    )
    stream.addEventListener('close', () => clearTimeout(timer))
    await stream.close(options)
  }

  sendReset(): void {
    this.#stream.abort(new Error('the circuit is over'))
  }

  sendPause(): void {
    if (this.#stream.readStatus === 'readable') this.#stream.pause()
  }

  sendResume(): void {
    if (this.#stream.readStatus === 'paused') this.#stream.resume()
  }
}
