import type { FrameProblem } from '../errors.ts'
import { FrameError } from '../errors.ts'
import {
  BOOTSTRAP_BOUNDS,
  MAX_FRAME_BYTES,
  MAX_PREFIX_BYTES,
  type StreamBounds,
} from './frame-limits.ts'

/** Room for most messages at once. A stated length is believed only as far as bytes have come. */
const FIRST_CAPACITY = 2_048

/** One for all: between its frames a decoder holds nothing. */
const NOTHING = new Uint8Array(0)

/**
 * Cuts one direction of one stream into frames. Takes any chunking, costs time in proportion to the
 * bytes, holds at most one frame, and refuses a bad prefix before the payload comes.
 */
export class FrameDecoder {
  #framesLeft: number
  #bytesLeft: number
  #prefixBytes = 0
  /** Of the frame being read; 0 while its prefix is not complete. */
  #length = 0
  #partialLength = 0
  #payload: Uint8Array<ArrayBuffer> = NOTHING
  #filled = 0
  #problem: FrameProblem | undefined

  constructor({ frames, bytes }: StreamBounds = BOOTSTRAP_BOUNDS) {
    this.#framesLeft = frames
    this.#bytesLeft = bytes
  }

  /** Bytes of a frame that is not whole yet. */
  get heldBytes(): number {
    return this.#filled
  }

  /**
   * Takes the next bytes of the stream.
   * @returns the payloads of the frames that they complete, as copies
   * @throws FrameError whose `frames` are those completed before the problem. From then on every
   *   call throws.
   */
  push(chunk: Uint8Array): readonly Uint8Array[] {
    if (this.#problem !== undefined) throw new FrameError(this.#problem)
    const frames: Uint8Array[] = []
    for (let offset = 0; offset < chunk.length; ) {
      if (this.#length === 0) {
        this.#problem = this.#readPrefix(chunk[offset] ?? 0)
        if (this.#problem !== undefined) throw new FrameError(this.#problem, frames)
        offset++
      } else {
        const end = Math.min(chunk.length, offset + this.#length - this.#filled)
        this.#fill(chunk.subarray(offset, end))
        if (this.#filled === this.#length) frames.push(this.#take())
        offset = end
      }
    }
    return frames
  }

  /**
   * Ends the stream: the other side will write nothing more.
   * @returns nothing: a frame is whole before the end
   * @throws FrameError `truncated` inside a frame, or the problem met before
   */
  end(): readonly Uint8Array[] {
    if (this.#problem !== undefined) throw new FrameError(this.#problem)
    if (this.#length === 0 && this.#prefixBytes === 0) return []
    this.#problem = 'truncated'
    throw new FrameError('truncated')
  }

  #readPrefix(byte: number): FrameProblem | undefined {
    if (this.#framesLeft === 0) return 'too_many_frames'
    this.#partialLength |= (byte & 0x7f) << (7 * this.#prefixBytes)
    this.#prefixBytes++
    if (byte >= 0x80) return this.#prefixBytes === MAX_PREFIX_BYTES ? 'long_prefix' : undefined
    // A last byte of zero adds nothing: the same length in more bytes than needed.
    if (byte === 0) return this.#prefixBytes === 1 ? 'zero_length' : 'long_prefix'
    if (this.#partialLength > MAX_FRAME_BYTES) return 'oversize'
    if (this.#partialLength > this.#bytesLeft) return 'too_many_bytes'
    this.#bytesLeft -= this.#partialLength
    this.#length = this.#partialLength
    return undefined
  }

  #fill(bytes: Uint8Array): void {
    const needed = this.#filled + bytes.length
    if (needed > this.#payload.length) this.#grow(needed)
    this.#payload.set(bytes, this.#filled)
    this.#filled = needed
  }

  /** Doubling keeps 1-byte chunks linear, and a lone prefix cheap. */
  #grow(needed: number): void {
    const wanted = Math.max(needed, this.#payload.length * 2, FIRST_CAPACITY)
    const grown = new Uint8Array(Math.min(wanted, this.#length))
    grown.set(this.#payload.subarray(0, this.#filled))
    this.#payload = grown
  }

  #take(): Uint8Array {
    const frame = this.#payload
    this.#framesLeft--
    this.#prefixBytes = 0
    this.#partialLength = 0
    this.#length = 0
    this.#payload = NOTHING
    this.#filled = 0
    return frame
  }
}
