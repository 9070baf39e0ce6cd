import type { HookContext } from '../../hooks/session-hooks.ts'
import type { BuiltDatabase } from '../../protocol/message/messages.ts'
import type { DialerEvent } from '../machine/dialer-event.ts'
import type { Dialer } from '../ports/dialer.ts'
import type { StoreTransaction } from '../ports/store.ts'
import type { Transport } from '../ports/transport.ts'
import type { SessionPorts } from '../run/session-ports.ts'
import type { Transcript } from '../run/transcript.ts'
import type { CheckpointExchange } from '../trace/checkpoint-exchange.ts'
import type { SessionAudit } from '../trace/session-audit.ts'
import type { UnsignedReceipt } from '../trace/tally-receipt.ts'

/** What the parts of one dialer session share. */
export interface DialerContext {
  readonly ports: SessionPorts
  readonly dialer: Dialer
  readonly audit: SessionAudit
  readonly transcript: Transcript
  readonly checkpoints: CheckpointExchange
  readonly sessionId: string
  /** The peer id that the link pins. */
  readonly inviter: string
  /** The link's secret as the messages carry it. In memory only. */
  readonly secretText: string
  /** When the session must be over, milliseconds since the epoch. */
  readonly deadline: number
  /** Set once the inviter answered. */
  transport: Transport | undefined
  /** Of the answer that came first on this stream; see `responseContentHash`. */
  contentHash: string | undefined
  /** What both sides sign, of the answer on this stream. */
  unsigned: (UnsignedReceipt & { readonly built: BuiltDatabase }) | undefined
  /** What both sides sign, once the tally is kept, and how this side has. */
  receipt: { readonly bytes: Uint8Array; readonly signature: string | undefined } | undefined
  /** foil: when this side was about to build, somebody was removing what an earlier attempt had left. */
  awaitsRemoval: boolean
  dispatch(event: DialerEvent): void
  /** Ask the store outside a transition; `then` is not called if it fails: the session is over. */
  consult<Result>(
    work: (transaction: StoreTransaction) => Result,
    then: (value: Result, durable: Promise<void>) => void,
  ): void
  /** Listen to a stream that was just opened. */
  attach(transport: Transport): void
  /** Half-close; the session's end is not held up by it. */
  close(): void
}

export function dialerHookContext(context: DialerContext, signal: AbortSignal): HookContext {
  const { sessionId, deadline, inviter: peerId } = context
  return { signal, sessionId, deadline, peerId }
}
