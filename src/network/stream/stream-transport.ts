import type { Connection, Stream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface'
import type { RelayBound } from '../../protocol/base/relay-bound.ts'
import { TransportClosedError } from '../../session/errors.ts'
import type { Transport, TransportListener } from '../../session/ports/transport.ts'
import type { NetworkLimits } from '../base/limits.ts'
import { DEFAULT_NETWORK_LIMITS } from '../base/limits.ts'
import { partyOf } from '../base/party-of.ts'
import { boundReached } from './bound-reached.ts'
import { FrameInbox } from './frame-inbox.ts'
import { readInto } from './held-bytes.ts'
import { framedCodec, type StreamCodec } from './stream-codec.ts'
import { StreamDrain } from './stream-drain.ts'

/**
 * Makes a transport of one libp2p stream, which carries whole frames. Frames that come before `listen` are kept.
 * @param connection the one that the stream runs on; its peer id is the authenticated one
 * @param codec @default that of a bootstrap
 */
export function createTransport(
  stream: Stream,
  connection: Connection,
  limits: Pick<NetworkLimits, 'closeGraceMs'> = DEFAULT_NETWORK_LIMITS,
  codec: StreamCodec = BOOTSTRAP_CODEC,
): StreamTransport {
  return new StreamTransport(stream, connection, limits.closeGraceMs, codec)
}

const BOOTSTRAP_CODEC = framedCodec()

/**
 * A transport over one libp2p stream. Is its own event listener: one object per stream instead of one closure per event. Nothing may
 * throw out of a libp2p listener, which would end the process, so all of it passes `handleEvent`.
 */
export class StreamTransport implements Transport {
  readonly remotePeer: string
  bytesIn = 0
  bytesOut = 0

  /** The one that it runs on. */
  readonly connection: Connection
  readonly #stream: Stream
  readonly #closeGraceMs: number
  readonly #inbox: FrameInbox
  readonly #codec: StreamCodec
  #listener: TransportListener | undefined
  #watching = false
  #paused = false
  #delivering = false
  /** Reset by this side: all that came and was not told is dropped. */
  #dropped = false
  #remoteEnded = false
  #endedTold = false
  /** Both directions are over, cleanly or not. */
  #over: { readonly clean: boolean; readonly bound?: RelayBound | undefined } | undefined
  #closedTold = false
  #closing: Promise<void> | undefined
  /** This side has half-closed by itself, and waits for the other side without a bound of its own. */
  #writingEnded = false
  #graceTimer: NodeJS.Timeout | undefined
  #gone: PromiseWithResolvers<void> | undefined
  #drain: StreamDrain | undefined

  constructor(stream: Stream, connection: Connection, closeGraceMs: number, codec: StreamCodec) {
    this.remotePeer = partyOf(connection)
    this.#stream = stream
    this.connection = connection
    this.#closeGraceMs = closeGraceMs
    this.#codec = codec
    this.#inbox = new FrameInbox(codec.decoder())
    readInto(stream, this.#inbox)
  }

  get remoteAddress(): string {
    return this.connection.remoteAddr.toString()
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
    this.#watch()
    this.#stream.addEventListener('message', this)
    // What happened before has its events behind it. libp2p delivers the bytes it kept in a
    // microtask of its own, queued just now: ours comes after.
    if (this.#remoteEnded || this.#over !== undefined) {
      queueMicrotask(() => this.#deliver())
    }
  }

  async send(payload: Uint8Array): Promise<void> {
    const frame = this.#codec.encode(payload)
    let roomLeft: boolean
    try {
      roomLeft = this.#stream.send(frame)
    } catch (cause) {
      throw new TransportClosedError('the stream was over before the bytes could leave', { cause })
    }
    this.bytesOut += payload.length
    if (roomLeft) return
    this.#watch()
    this.#drain ??= new StreamDrain(this.#stream)
    await this.#drain.wait()
  }

  /**
   * Ends what this side says, and goes on hearing the other side, who answers in its own time: the caller's deadline holds.
   * Never rejects.
   */
  async endWriting(): Promise<void> {
    this.#watch()
    this.#writingEnded = true
    try {
      await this.#stream.close()
    } catch {
      this.reset()
    }
  }

  pause(): void {
    // The stream itself is paused when something comes: most pauses are over before.
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#deliver()
    if (this.#paused || this.#stream.readStatus !== 'paused') return
    try {
      this.#stream.resume()
    } catch {
      // Without a connection the other side can't be told; the bytes kept were delivered before.
    }
    this.#deliver()
  }

  close(): Promise<void> {
    this.#closing ??= this.#halfClose()
    return this.#closing
  }

  reset(): void {
    this.#watch()
    this.#dropped = true
    this.#paused = false
    this.#inbox.drop()
    try {
      this.#stream.abort(new Error('reset by this side'))
    } catch {
      // Over already.
    }
    this.#deliver()
  }

  handleEvent(event: Event): void {
    try {
      this.#take(event)
      this.#deliver()
    } catch {
      this.reset()
    }
  }

  /**
   * Tells events apart by their type: a host's libp2p may be another copy than ours, with classes of its own.
   */
  #take(event: Event): void {
    if (isOf<StreamMessageEvent>(event, 'message')) this.#onBytes(event.data.subarray())
    else if (isOf<StreamCloseEvent>(event, 'close')) this.#onClose(event)
    else if (event.type === 'remoteCloseWrite') this.#remoteEnded = true
  }

  #onBytes(bytes: Uint8Array): void {
    this.#inbox.push(bytes)
    if (this.#paused && this.#stream.readStatus === 'readable') this.#stream.pause()
  }

  #onClose(event: StreamCloseEvent): void {
    if (this.#over !== undefined) return
    // A lost connection closes streams without an error: only two half-closes make a clean end.
    const isOurs = this.#closing !== undefined || this.#writingEnded
    const clean = event.error === undefined && this.#remoteEnded && isOurs
    const isCut = !clean && !this.#dropped
    this.#over = { clean, bound: isCut ? boundReached(this.connection.limits) : undefined }
    clearTimeout(this.#graceTimer)
    this.#drain?.end()
    this.#gone?.resolve()
  }

  /**
   * Tells the listener all that may be told now, in order, however it calls back. A listener that
   * throws has lost its stream.
   */
  #deliver(): void {
    const listener = this.#listener
    if (listener === undefined || this.#delivering) return
    this.#delivering = true
    let failed = false
    try {
      this.#tell(listener)
    } catch {
      failed = true
    }
    this.#delivering = false
    if (failed) this.reset()
  }

  #tell(listener: TransportListener): void {
    if (this.#isRead) this.#inbox.end()
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
      this.bytesIn += frame.length
      listener.frame(frame)
    }
    if (!this.#paused && this.#inbox.isEmpty) this.#tellEnds(listener)
  }

  /** All that the other side has written is in the inbox. */
  get #isRead(): boolean {
    return this.#remoteEnded && !this.#dropped && this.#stream.readBufferLength === 0
  }

  #next(): Uint8Array | undefined {
    return this.#paused ? undefined : this.#inbox.takeFrame()
  }

  #tellEnds(listener: TransportListener): void {
    // Bytes that libp2p still holds come first.
    if (!this.#dropped && this.#stream.readBufferLength === 0) this.#tellEnded(listener)
    if (this.#over === undefined || this.#closedTold) return
    if (!this.#dropped && this.#stream.readBufferLength > 0) return
    this.#closedTold = true
    this.#listener = undefined
    listener.closed(this.#over.clean, this.#over.bound)
  }

  #tellEnded(listener: TransportListener): void {
    const ended = this.#remoteEnded && !this.#endedTold
    const problem = this.#inbox.takeProblem()
    if (problem !== undefined) listener.problem(problem)
    // The listener may have reset the stream over the problem.
    if (!ended || this.#dropped) return
    this.#endedTold = true
    listener.ended()
  }

  #watch(): void {
    if (this.#watching) return
    this.#watching = true
    const stream = this.#stream
    // 'closed' before the stream is over means that the other side half-closed it.
    if (stream.remoteWriteStatus === 'closed') this.#remoteEnded = stream.status === 'open'
    else stream.addEventListener('remoteCloseWrite', this)
    if (stream.status === 'open') stream.addEventListener('close', this)
    else this.#over = { clean: false, bound: boundReached(this.connection.limits) }
  }

  async #halfClose(): Promise<void> {
    this.#watch()
    if (this.#paused) this.resume()
    if (this.#over !== undefined) return
    const stream = this.#stream
    if (stream.writeBufferLength > 0 || stream.writableNeedsDrain) this.#startGrace()
    try {
      await stream.close()
    } catch {
      this.reset()
    }
    if (stream.status !== 'open') return
    this.#startGrace()
    this.#gone = Promise.withResolvers()
    await this.#gone.promise
  }

  #startGrace(): void {
    this.#graceTimer ??= setTimeout(() => this.reset(), this.#closeGraceMs)
  }
}

function isOf<Kind extends Event>(event: Event, type: string): event is Kind {
  return event.type === type
}
