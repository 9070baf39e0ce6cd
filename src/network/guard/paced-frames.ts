import type { FrameTurns } from './frame-turns.ts'

/** Bytes that may wait before no more is read: as many as the system hands over at a time. Pausing has its price too. */
const MAX_WAITING = 65_536

/** Finds where the frames of one connection end. */
export interface FrameReader {
  /**
   * Reads on, to the end of `most` frames at most.
   * @returns how many frames have begun, and how many of the bytes go with them
   * @throws RangeError if what came is no frame
   */
  read(bytes: Uint8Array, most: number): { readonly frames: number; readonly length: number }
}

/** The connection under a muxer, as much of it as is needed here. */
export interface PausableConnection {
  pause(): void
  resume(): void
}

export interface PacedFramesInit {
  readonly connection: PausableConnection
  readonly frames: FrameReader
  readonly turns: FrameTurns
  /** Hands bytes to the muxer. */
  take(bytes: Uint8Array): void
  /** Ends the connection, because something is wrong with the bytes that came. */
  fail(error: unknown): void
  /** Whether the muxer still takes bytes. */
  isOpen(): boolean
}

/**
 * Hands a connection's frames to its muxer, `framesPerTurn` in each turn of the event loop, so that no connection holds
 * up the others; while many wait, no more is read.
 */
export class PacedFrames {
  readonly #init: PacedFramesInit
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #turn = -1
  #left = 0
  #isPaused = false
  #isResuming = false

  constructor(init: PacedFramesInit) {
    this.#init = init
  }

  /** @throws RangeError if what came is no frame */
  push(bytes: Uint8Array): void {
    const isFirst = this.#waiting.length === 0
    const rest = isFirst ? this.#pass(bytes, this.#allowed()) : bytes
    if (rest.length === 0) return
    this.#waiting.push(rest)
    this.#waitingBytes += rest.length
    this.#pauseIfMuch()
    if (isFirst) this.#init.turns.wait(() => this.#goOn())
  }

  /** @returns how many frames of this connection may still be taken in this turn */
  #allowed(): number {
    const { turns } = this.#init
    const { turn } = turns
    if (turn !== this.#turn) {
      this.#turn = turn
      this.#left = turns.perConnection
    }
    return this.#left
  }

  /** @returns the bytes that are left */
  #pass(bytes: Uint8Array, most: number): Uint8Array {
    const { frames, take } = this.#init
    const { frames: taken, length } = frames.read(bytes, most)
    this.#left -= taken
    if (length > 0) take(length === bytes.length ? bytes : bytes.subarray(0, length))
    return bytes.subarray(length)
  }

  #goOn(): boolean {
    try {
      if (this.#init.isOpen()) return this.#serve()
    } catch (error) {
      this.#init.fail(error)
    }
    // While this side closes it must still learn that the other side has.
    this.#waiting = []
    this.#waitingBytes = 0
    this.#resume()
    return false
  }

  /** @returns whether some still wait */
  #serve(): boolean {
    let left = this.#init.turns.slice
    while (left > 0) {
      const bytes = this.#waiting.shift()
      if (bytes === undefined) break
      const { frames, take } = this.#init
      const { frames: taken, length } = frames.read(bytes, left)
      left -= taken
      this.#waitingBytes -= length
      if (length > 0) take(bytes.subarray(0, length))
      if (length < bytes.length) {
        this.#waiting.unshift(bytes.subarray(length))
        break
      }
    }
    if (this.#waiting.length > 0) return true
    this.#resume()
    return false
  }

  #pauseIfMuch(): void {
    if (this.#isPaused || this.#isResuming || this.#waitingBytes <= MAX_WAITING) return
    this.#isPaused = true
    attempt(() => this.#init.connection.pause())
  }

  /** Reads on; what is delivered then may be too much again. */
  #resume(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#isResuming = true
    attempt(() => this.#init.connection.resume())
    this.#isResuming = false
    this.#pauseIfMuch()
  }
}

/** A connection that is about to be closed can neither be paused nor resumed, and need not be. */
function attempt(work: () => void): void {
  try {
    work()
  } catch {
    // Then its end is under way.
  }
}
