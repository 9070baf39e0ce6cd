import { FrameError } from '../errors.ts'
import { MAX_FRAME_BYTES } from './frame-limits.ts'

/** Room for most messages at once. */
const FIRST_WHOLE_CAPACITY = 2_048

/** Takes all of one direction of one stream as one message, which ends with it: as older peers write. */
export class WholeDecoder {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  #filled = 0
  #isOver = false

  get heldBytes(): number {
    return this.#filled
  }

  /** @throws FrameError `oversize`; from then on every call throws */
  push(chunk: Uint8Array): readonly Uint8Array[] {
    const needed = this.#filled + chunk.length
    if (this.#isOver || needed > MAX_FRAME_BYTES) {
      this.#isOver = true
      this.#bytes = new Uint8Array(0)
      this.#filled = 0
      throw new FrameError('oversize')
    }
    if (needed > this.#bytes.length) this.#grow(needed)
    this.#bytes.set(chunk, this.#filled)
    this.#filled = needed
    return []
  }

  /** @returns the message, unless there is none. @throws FrameError as before */
  end(): readonly Uint8Array[] {
    if (this.#isOver) throw new FrameError('oversize')
    const message = this.#bytes.subarray(0, this.#filled)
    this.#bytes = new Uint8Array(0)
    this.#filled = 0
    return message.length === 0 ? [] : [message]
  }

  /** Doubling keeps 1-byte chunks linear. */
  #grow(needed: number): void {
    const wanted = Math.max(needed, this.#bytes.length * 2, FIRST_WHOLE_CAPACITY)
    const grown = new Uint8Array(Math.min(wanted, MAX_FRAME_BYTES))
    grown.set(this.#bytes.subarray(0, this.#filled))
    this.#bytes = grown
  }
}
