/** Bytes of a yamux header, which is all there is of a frame that carries no data. */
const HEADER_BYTES = 12

/** The type of a frame that has data behind its header. */
const DATA = 0

/** Where the frames of one connection begin and end, as its bytes come in. */
export class MuxerFrames {
  readonly #maxDataBytes: number
  readonly #onControl: () => void
  readonly #header = new Uint8Array(HEADER_BYTES)
  #known = 0
  /** Of the data of the frame that is coming. */
  #left = 0

  /**
   * @param maxDataBytes of one frame; the muxer would collect 4 GiB of one
   * @param onControl told of each frame that belongs to no stream
   */
  constructor(maxDataBytes: number, onControl: () => void) {
    this.#maxDataBytes = maxDataBytes
    this.#onControl = onControl
  }

  /**
   * Read on, up to the end of so many frames.
   * @returns how many frames have begun, and how many of the bytes go with them
   * @throws RangeError if a frame is longer than any may be, and what `onControl` throws
   */
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
