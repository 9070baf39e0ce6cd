import type { FrameReader } from './paced-frames.ts'

/** Bytes of a yamux header. A frame that carries no data is nothing but its header. */
const HEADER_BYTES = 12

/** The type of the frames with data behind their header. */
const DATA = 0

/** Finds where the frames of one yamux connection begin and end, as its bytes come in. */
export class MuxerFrames implements FrameReader {
  readonly #maxDataBytes: number
  readonly #onControl: () => void
  readonly #header = new Uint8Array(HEADER_BYTES)
  #known = 0
  /** Bytes of data that the frame has still to bring. */
  #left = 0

  /**
   * @param maxDataBytes bytes of data in one frame: a stream's window, beyond which nothing may come
   * @param onControl called for each frame that belongs to no stream
   */
  constructor(maxDataBytes: number, onControl: () => void) {
    this.#maxDataBytes = maxDataBytes
    this.#onControl = onControl
  }

  /** @throws RangeError if a frame is longer than any may be; and any error of `onControl` */
  read(bytes: Uint8Array, most: number): { readonly frames: number; readonly length: number } {
    let frames = 0
    let at = 0
    while (at < bytes.length) {
      if (this.#left > 0) {
        const step = Math.min(this.#left, bytes.length - at)
        this.#left -= step
        at += step
        continue
      }
      if (this.#known === 0) {
        if (frames === most) break
        frames += 1
      }
      this.#header[this.#known++] = bytes[at++] ?? 0
      if (this.#known === HEADER_BYTES) this.#begin()
    }
    return { frames, length: at }
  }

  #begin(): void {
    this.#known = 0
    if (numberAt(this.#header, 4) === 0) this.#onControl()
    if (this.#header[1] !== DATA) return
    this.#left = numberAt(this.#header, 8)
    if (this.#left > this.#maxDataBytes) throw new RangeError('a frame longer than any may be')
  }
}

function numberAt(header: Uint8Array, at: number): number {
  const [first = 0, second = 0, third = 0, fourth = 0] = header.subarray(at, at + 4)
  return ((first << 24) | (second << 16) | (third << 8) | fourth) >>> 0
}
