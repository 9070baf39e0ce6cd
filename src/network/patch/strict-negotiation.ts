import { type LengthBytes, strictLength, strictLengthWithin } from '../guard/strict-length.ts'
import { changed } from './packages.ts'

/**
 * Options of `connection.newStream` that make the negotiation of its protocol strict.
 *
 * Written for libp2p 3.3.11, which hands them down as it does those of an upgrade, and documents it as little. Whether it
 * did can't be asked here: on a host's own node a stream may have its protocol without any negotiation.
 */
export const STRICT_STREAM = { lengthDecoder: strictLength }

/** Options that make the negotiation of one upgrade strict. */
export interface StrictNegotiation {
  readonly options: {
    readonly lengthDecoder: (bytes: LengthBytes) => number
    readonly maxBufferSize: number
  }
  /** @throws PatchedInternalsError if the negotiation is over and its reader never asked our decoder */
  assertRead(): void
}

/**
 * Makes the options for one upgrade: its negotiation reads lengths strictly, and no more than `budget` bytes in all.
 *
 * Written for libp2p 3.3.11, whose upgrader hands its options down to @libp2p/multistream-select 7.0.28, which hands
 * them down to `lpStream` of @libp2p/utils 7.4.1; none of them documents that.
 */
export function strictNegotiation(budget: number): StrictNegotiation {
  const decode = strictLengthWithin(budget)
  let isRead = false
  return {
    options: {
      maxBufferSize: budget,
      lengthDecoder: (bytes) => {
        isRead = true
        return decode(bytes)
      },
    },
    assertRead() {
      if (!isRead) throw changed('libp2p', 'lengthDecoder among the options of a negotiation')
    },
  }
}
