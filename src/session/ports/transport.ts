import type { FrameProblem } from '../../protocol/errors.ts'

/** What a transport tells its session. Never called after `closed`. */
export interface TransportListener {
  /** One whole frame's payload, at most 64 KiB, not yet parsed. */
  frame(payload: Uint8Array): void
  /** The bytes can't be a frame. Nothing more is read. */
  problem(problem: FrameProblem): void
  /** The other side will write nothing more. Not a message boundary, and not an error by itself. */
  ended(): void
  /** Both directions are over. `clean` is false after a reset or a lost connection. */
  closed(clean: boolean): void
}

/** One authenticated stream to one peer, carrying whole frames. */
export interface Transport {
  /** The peer id that the connection authenticated, `12D3KooW…`. */
  readonly remotePeer: string
  /** Where it came from, for the record: a multiaddr. */
  readonly remoteAddress: string
  /** Payload bytes so far. */
  readonly bytesIn: number
  readonly bytesOut: number
  /** Begin to read. Called once, at once after the transport was handed over. */
  listen(listener: TransportListener): void
  /**
   * Write one frame. Resolves when the bytes were handed to the connection, after back-pressure.
   * Rejects with `TransportClosedError` if the stream is over.
   */
  send(payload: Uint8Array): Promise<void>
  /** No reading until `resume`: the peer is held back. */
  pause(): void
  resume(): void
  /** Half-close, wait a bounded time for the other side, then abort. Never rejects. */
  close(): Promise<void>
  /** End both directions now. Never throws. */
  reset(): void
}
