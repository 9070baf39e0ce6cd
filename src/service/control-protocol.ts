/** What a listener tells of itself over its control socket. */
export interface ListenerStatus {
  readonly pid: number
  readonly peerId: string
  /** Multiaddrs without peer id. */
  readonly addresses: readonly string[]
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly sessions: { readonly listener: number; readonly dialer: number; readonly total: number }
  readonly draining: boolean
}

/** One line of JSON each way. */
export type ControlRequest =
  | { readonly command: 'status' }
  /** End one session, telling its peer. */
  | { readonly command: 'cancel'; readonly sessionId: string }

export type ControlAnswer =
  | { readonly ok: true; readonly status: ListenerStatus }
  /** False: no such session is under way. */
  | { readonly ok: true; readonly cancelled: boolean }
  | { readonly ok: false; readonly error: string }

/** Longest line either side reads, bytes. */
export const MAX_CONTROL_LINE = 65_536

/** How long a client waits for an answer, ms: a listener that is busy with sessions still answers in far less. */
export const CONTROL_TIMEOUT_MS = 2_000
