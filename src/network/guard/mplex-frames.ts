import type { FrameReader } from './paced-frames.ts'

/** Bytes of a message's first number, which holds the stream's: 31 bits and the type. */
const MAX_ID_BYTES = 5

/** Bytes of a message's length: what the largest needs. */
const MAX_LENGTH_BYTES = 3

/** The highest type of a message. */
const MAX_TYPE = 6

/** The types of the messages with a stream's data. */
const DATA_TYPES: ReadonlySet<number> = new Set([1, 2])

/** Bytes of a stream's name, and of what else comes with a message that needs nothing. */
const MAX_NAME_BYTES = 128

/** Finds where the messages of one mplex connection begin and end, as its bytes come in. */
export class MplexFrames implements FrameReader {
  readonly #maxDataBytes: number
  #type = 0
  /** Of the number that is being read: 0 the first, 1 the length. */
  #number = 0
  #numberBytes = 0
  #length = 0
  /** Bytes of data that the message has still to bring. */
  #left = 0

  /** @param maxDataBytes bytes of data in one message */
  constructor(maxDataBytes: number) {
    this.#maxDataBytes = maxDataBytes
  }

  /** @throws RangeError if a message is of no type, or its numbers or its data are longer than any may be */
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
      if (this.#number === 0 && this.#numberBytes === 0) {
        if (frames === most) break
        frames += 1
      }
      this.#take(bytes[at++] ?? 0)
    }
    return { frames, length: at }
  }

  #take(byte: number): void {
    if (this.#number === 0) this.#takeId(byte)
    else this.#takeLength(byte)
  }

  #takeId(byte: number): void {
    if (this.#numberBytes === 0) this.#type = byte & 7
    this.#numberBytes += 1
    if (this.#type > MAX_TYPE) throw new RangeError('a message of no type')
    if (byte < 0x80) this.#next(1)
    else if (this.#numberBytes === MAX_ID_BYTES) throw new RangeError('a longer number than any')
  }

  #takeLength(byte: number): void {
    this.#length |= (byte & 0x7f) << (7 * this.#numberBytes)
    this.#numberBytes += 1
    if (byte >= 0x80) {
      if (this.#numberBytes === MAX_LENGTH_BYTES) throw new RangeError('a longer length than any')
      return
    }
    const most = DATA_TYPES.has(this.#type) ? this.#maxDataBytes : MAX_NAME_BYTES
    if (this.#length > most) throw new RangeError('a message longer than any may be')
    this.#left = this.#length
    this.#length = 0
    this.#next(0)
  }

  #next(number: 0 | 1): void {
    this.#number = number
    this.#numberBytes = 0
  }
}
