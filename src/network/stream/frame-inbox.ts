import type { FrameProblem } from '../../protocol/errors.ts'
import { FrameError } from '../../protocol/errors.ts'
import type { StreamDecoder } from './stream-codec.ts'

/** Frames that came and were not told yet, and the problem with the bytes after them. */
export class FrameInbox {
  readonly #decoder: StreamDecoder
  readonly #frames: Uint8Array[] = []
  #problem: FrameProblem | undefined
  /** Set by a problem, or by the end: bytes after it have no meaning any more. */
  #deaf = false

  constructor(decoder: StreamDecoder) {
    this.#decoder = decoder
  }

  get isEmpty(): boolean {
    return this.#frames.length === 0
  }

  /** The number of bytes that are kept here: of whole frames, and of the one that is coming. */
  get heldBytes(): number {
    return this.#frames.reduce((sum, { length }) => sum + length, this.#decoder.heldBytes)
  }

  push(bytes: Uint8Array): void {
    if (this.#deaf) return
    try {
      this.#frames.push(...this.#decoder.push(bytes))
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Notes that no more bytes will come. */
  end(): void {
    if (this.#deaf) return
    try {
      this.#frames.push(...this.#decoder.end())
      this.#deaf = true
    } catch (error) {
      this.#fail(error)
    }
  }

  takeFrame(): Uint8Array | undefined {
    return this.#frames.shift()
  }

  /** Tells the problem, once. */
  takeProblem(): FrameProblem | undefined {
    const problem = this.#problem
    this.#problem = undefined
    return problem
  }

  /** Forgets what it holds and takes no more. */
  drop(): void {
    this.#deaf = true
    this.#frames.length = 0
    this.#problem = undefined
  }

  #fail(error: unknown): void {
    if (!(error instanceof FrameError)) throw error
    this.#deaf = true
    this.#frames.push(...error.frames)
    this.#problem = error.problem
  }
}
