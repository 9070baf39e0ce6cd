import type { Connection, Stream } from '@libp2p/interface'
import { StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface'
import { FrameDecoder } from '../protocol/frame-decoder.ts'
import { encodeFrame } from '../protocol/frame-encoder.ts'
import { FrameError } from '../protocol/frame-error.ts'
import type { FrameProblem } from '../protocol/frame-problem.ts'
import { TransportClosedError } from '../session/errors/transport-errors.ts'
import type { Transport, TransportListener } from '../session/ports/transport.ts'
import type { NetworkLimits } from './limits.ts'
import { DEFAULT_NETWORK_LIMITS } from './limits.ts'
import { StreamDrain } from './stream-drain.ts'

/**
 * Whole frames over one libp2p stream. What comes before `listen` is kept.
 * @param connection the one that the stream runs on; its peer id is the authenticated one
 */
export function createTransport(
  stream: Stream,
  connection: Connection,
  limits: Pick<NetworkLimits, 'closeGraceMs'> = DEFAULT_NETWORK_LIMITS,
): Transport {
  return new StreamTransport(stream, connection, limits.closeGraceMs)
}

/**
 * Is its own event listener: one object per stream instead of one closure per event. Nothing may
 * throw out of a libp2p listener, which would end the process, so all of it passes `handleEvent`.
 */
class StreamTransport implements Transport {
  readonly remotePeer: string
  bytesIn = 0
  bytesOut = 0

  readonly #stream: Stream
  readonly #connection: Connection
  readonly #closeGraceMs: number
  readonly #decoder = new FrameDecoder()
  #listener: TransportListener | undefined
  #watching = false
  #paused = false
  #delivering = false
  /** Decoded and not yet delivered: filled only while paused. */
  readonly #inbox: Uint8Array[] = []
  #problem: FrameProblem | undefined
  /** After a problem bytes have no meaning any more. */
  #deaf = false
  #remoteEnded = false
  #endedTold = false
  /** Both directions are over, cleanly or not. */
  #over: { readonly clean: boolean } | undefined
  #closedTold = false
  #closing: Promise<void> | undefined
  #graceTimer: NodeJS.Timeout | undefined
  #gone: PromiseWithResolvers<void> | undefined
  #drain: StreamDrain | undefined

  constructor(stream: Stream, connection: Connection, closeGraceMs: number) {
    this.remotePeer = connection.remotePeer.toString()
    this.#stream = stream
    this.#connection = connection
    this.#closeGraceMs = closeGraceMs
  }

  get remoteAddress(): string {
    return this.#connection.remoteAddr.toString()
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
    const frame = encodeFrame(payload)
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

  pause(): void {
    // The stream itself is paused when something comes: most pauses are over before.
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#deliver()
    if (this.#paused) return
    try {
      this.#stream.resume()
    } catch {
      // The reading side is over: there is nothing to resume.
    }
    this.#deliver()
  }

  close(): Promise<void> {
    this.#closing ??= this.#halfClose()
    return this.#closing
  }

  reset(): void {
    this.#watch()
    this.#paused = false
    this.#inbox.length = 0
    try {
      this.#stream.abort(new Error('reset by this side'))
    } catch {
      // Over already.
    }
  }

  handleEvent(event: Event): void {
    try {
      if (event instanceof StreamMessageEvent) this.#onBytes(event.data.subarray())
      else if (event instanceof StreamCloseEvent) this.#onClose(event)
      else this.#remoteEnded = true
      this.#deliver()
    } catch {
      this.reset()
    }
  }

  #onBytes(bytes: Uint8Array): void {
    if (this.#deaf) return
    try {
      this.#inbox.push(...this.#decoder.push(bytes))
    } catch (error) {
      if (!(error instanceof FrameError)) throw error
      this.#inbox.push(...error.frames)
      this.#stopReading(error.problem)
    }
    if (this.#paused && this.#stream.readStatus === 'readable') this.#stream.pause()
  }

  #onClose(event: StreamCloseEvent): void {
    if (this.#over !== undefined) return
    // A lost connection closes streams without an error: only two half-closes make a clean end.
    const clean = event.error === undefined && this.#remoteEnded && this.#closing !== undefined
    this.#over = { clean }
    clearTimeout(this.#graceTimer)
    this.#drain?.end()
    this.#gone?.resolve()
  }

  #stopReading(problem: FrameProblem): void {
    this.#deaf = true
    this.#problem = problem
  }

  /** Tells the listener all that may be told now, in order, however it calls back. */
  #deliver(): void {
    const listener = this.#listener
    if (listener === undefined || this.#delivering) return
    this.#delivering = true
    try {
      for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
        this.bytesIn += frame.length
        listener.frame(frame)
      }
      if (!this.#paused && this.#inbox.length === 0) this.#tellEnds(listener)
    } finally {
      this.#delivering = false
    }
  }

  #next(): Uint8Array | undefined {
    return this.#paused ? undefined : this.#inbox.shift()
  }

  #tellEnds(listener: TransportListener): void {
    // Bytes that libp2p still holds come first. It drops them itself when the stream was aborted.
    const complete = this.#stream.readBufferLength === 0
    if (this.#remoteEnded && complete && !this.#endedTold) this.#checkWhole()
    if (this.#problem !== undefined) {
      listener.problem(this.#problem)
      this.#problem = undefined
    }
    if (this.#remoteEnded && complete && !this.#endedTold) {
      this.#endedTold = true
      listener.ended()
    }
    if (this.#over !== undefined && complete && !this.#closedTold) {
      this.#closedTold = true
      this.#listener = undefined
      listener.closed(this.#over.clean)
    }
  }

  /** The remote side ended: was it inside a frame? */
  #checkWhole(): void {
    if (this.#deaf) return
    try {
      this.#decoder.end()
    } catch (error) {
      if (!(error instanceof FrameError)) throw error
      this.#stopReading(error.problem)
    }
  }

  #watch(): void {
    if (this.#watching) return
    this.#watching = true
    const stream = this.#stream
    // 'closed' before the stream is over means that the other side half-closed it.
    if (stream.remoteWriteStatus === 'closed') this.#remoteEnded = stream.status === 'open'
    else stream.addEventListener('remoteCloseWrite', this)
    if (stream.status === 'open') stream.addEventListener('close', this)
    else this.#over = { clean: false }
  }

  async #halfClose(): Promise<void> {
    this.#watch()
    if (this.#over !== undefined) return
    if (this.#paused) this.resume()
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
