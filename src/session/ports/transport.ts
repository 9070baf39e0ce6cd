import type { RelayBound } from '../../protocol/base/relay-bound.ts'
import type { FrameProblem } from '../../protocol/errors.ts'

/** A session's callbacks for one stream. Never called after `closed`. */
export interface TransportListener {
  /** One whole frame's payload, at most 64 KiB, not yet parsed. */
  frame(payload: Uint8Array): void
  /** The bytes can't be a frame. Nothing more is read. */
  problem(problem: FrameProblem): void
  /** The other side will write nothing more. Not a message boundary, and not an error by itself. */
  ended(): void
  /**
   * Both directions are over. `clean` is false after a reset or a lost connection.
   * @param bound of the relay, which had been reached by then
   */
  closed(clean: boolean, bound?: RelayBound): void
}

/** One authenticated stream to one peer, carrying whole frames. */
export interface Transport {
  /** The peer id that the connection authenticated, `12D3KooW…`. */
  readonly remotePeer: string
  /** The multiaddr from which it came, for the record. */
  readonly remoteAddress: string
  /** The older protocol that the peer speaks, whose guarantees are weaker. Undefined: ours. */
  readonly protocol?: '1.0.0' | undefined
  /** Payload bytes so far. */
  readonly bytesIn: number
  readonly bytesOut: number
  /** Begins to read. Called once, at once after the transport was handed over. */
  listen(listener: TransportListener): void
  /**
   * Writes one frame. Resolves when the bytes were handed to the connection, after back-pressure.
   * Rejects with `TransportClosedError` if the stream is over.
   */
  send(payload: Uint8Array): Promise<void>
  /** Stops reading until `resume`: back-pressure on the peer. */
  pause(): void
  resume(): void
  /** Half-closes, waits a bounded time for the other side, then aborts. Never rejects. */
  close(): Promise<void>
  /** Ends both directions now. Never throws. */
  reset(): void
}
