import type { ConnectionLimits } from '@libp2p/interface'
import type { RelayBound } from '../../protocol/base/relay-bound.ts'
import { keepMeter } from '../stream/bound-reached.ts'

/** Milliseconds by which a relay's clock may have begun before ours: news of the beginning and of the end take unequally long. */
const SLACK_MS = 500

/** The bounds that a relay puts on one circuit. Absent: none. */
export interface CircuitLimit {
  /** Seconds. */
  readonly seconds?: number
  /** Bytes; some relays count both directions together. */
  readonly bytes?: bigint
}

/** Measures what one circuit has carried, and for how long, beside the relay's bounds. */
export class CircuitMeter {
  /** The rest, as it is when it is read; undefined if the relay set no bounds. */
  readonly left: ConnectionLimits | undefined
  readonly #limit: CircuitLimit
  readonly #began = performance.now()
  #carried = 0n

  constructor(limit: CircuitLimit) {
    this.#limit = limit
    const { seconds, bytes } = limit
    if (seconds === undefined && bytes === undefined) return
    this.left = Object.defineProperties(
      {},
      {
        ...(bytes === undefined ? {} : { bytes: { get: () => this.#bytesLeft(bytes) } }),
        ...(seconds === undefined
          ? {}
          : { seconds: { get: () => Math.round(this.#msLeft(seconds) / 1_000) } }),
      },
    )
    keepMeter(this.left, this)
  }

  /** Counts bytes of either direction. */
  carry(bytes: number): void {
    this.#carried += BigInt(bytes)
  }

  /**
   * The bound that is reached, if one is. Whatever ended then was ended by the relay, as far as anybody can tell; some relays
   * give each direction as many bytes as here both have.
   */
  get reached(): RelayBound | undefined {
    const { seconds, bytes } = this.#limit
    if (bytes !== undefined && this.#bytesLeft(bytes) === 0n) {
      return { of: 'bytes', most: Number(bytes) }
    }
    if (seconds === undefined || this.#msLeft(seconds) > SLACK_MS) return undefined
    return { of: 'seconds', most: seconds }
  }

  #bytesLeft(most: bigint): bigint {
    return most > this.#carried ? most - this.#carried : 0n
  }

  #msLeft(most: number): number {
    return this.#began + most * 1_000 - performance.now()
  }
}
