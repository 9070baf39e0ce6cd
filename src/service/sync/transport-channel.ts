import type { RelayBound } from '../../protocol/base/relay-bound.ts'
import { RelayLimitError, TransportClosedError } from '../../session/errors.ts'
import type { Transport, TransportListener } from '../../session/ports/transport.ts'
import type { SyncChannel } from '../../tally/sync/sync-ports.ts'

/** Frames that wait to be read: then the stream is paused, and the partner waits. */
const MAX_WAITING_FRAMES = 2

/** Reads a stream frame by frame, each when it is wanted. */
export class TransportChannel implements SyncChannel, TransportListener {
  readonly #transport: Transport
  readonly #frames: Uint8Array[] = []
  #reader: PromiseWithResolvers<Uint8Array> | undefined
  #over: TransportClosedError | RelayLimitError | undefined

  constructor(transport: Transport) {
    this.#transport = transport
    transport.listen(this)
  }

  async send(payload: Uint8Array): Promise<void> {
    try {
      await this.#transport.send(payload)
    } catch (error) {
      throw this.#over ?? error
    }
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
    this.#end(new TransportClosedError(`the frames can not be read: ${problem}`))
    this.#transport.reset()
  }

  ended(): void {
    this.#end(new TransportClosedError('the partner has ended the stream'))
  }

  closed(_clean: boolean, bound?: RelayBound): void {
    this.#end(
      bound === undefined
        ? new TransportClosedError('the stream is over')
        : new RelayLimitError(bound),
    )
  }

  #end(why: TransportClosedError | RelayLimitError): void {
    this.#over ??= why
    this.#reader?.reject(this.#over)
    this.#reader = undefined
  }
}
