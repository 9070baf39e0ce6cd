import { TransportClosedError } from '../../session/errors.ts'
import type { Transport, TransportListener } from '../../session/ports/transport.ts'
import type { SyncChannel } from '../../tally/sync/sync-ports.ts'

/** Frames that wait to be read: then the stream is paused, and the partner waits. */
const MAX_WAITING_FRAMES = 2

/** Reads a stream frame by frame, each when it is wanted. */
export class TransportChannel implements SyncChannel, TransportListener {
  readonly #transport: Transport
  readonly #frames: Uint8Array[] = []
  #reader: PromiseWithResolvers<Uint8Array> | undefined
  #over: TransportClosedError | undefined

  constructor(transport: Transport) {
    this.#transport = transport
    transport.listen(this)
  }

  async send(payload: Uint8Array): Promise<void> {
    await this.#transport.send(payload)
  }

  async receive(): Promise<Uint8Array> {
    const frame = this.#frames.shift()
    this.#transport.resume()
    if (frame !== undefined) return frame
    if (this.#over !== undefined) throw this.#over
    this.#reader = Promise.withResolvers()
    return await this.#reader.promise
  }

  frame(payload: Uint8Array): void {
    const reader = this.#reader
    this.#reader = undefined
    if (reader !== undefined) return reader.resolve(payload)
    this.#frames.push(payload)
    if (this.#frames.length >= MAX_WAITING_FRAMES) this.#transport.pause()
  }

  problem(problem: string): void {
    this.#end(`the frames can not be read: ${problem}`)
    this.#transport.reset()
  }

  ended(): void {
    this.#end('the partner has ended the stream')
  }

  closed(): void {
    this.#end('the stream is over')
  }

  #end(why: string): void {
    this.#over ??= new TransportClosedError(why)
    this.#reader?.reject(this.#over)
    this.#reader = undefined
  }
}
