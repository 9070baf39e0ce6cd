import type { AuditDraft } from '../../audit/record/record.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { Clock } from '../ports/clock.ts'
import type { JournalEntry, Side } from '../ports/session-summary.ts'
import type { StoreTransaction } from '../ports/store.ts'
import type { SessionFacts } from '../run/session-machine.ts'
import type { Transcript } from '../run/transcript.ts'

/** Writes a session's audit records: who it is about is the same in all of them. */
export class SessionAudit {
  readonly #side: Side
  readonly #clock: Clock
  readonly #level: 'full' | 'minimal'

  constructor(side: Side, clock: Clock, level: 'full' | 'minimal') {
    this.#side = side
    this.#clock = clock
    this.#level = level
  }

  /**
   * The path that this commit makes durable, with the ms spent in each state left.
   * @param said if this is the end
   */
  path(
    transaction: StoreTransaction,
    path: readonly JournalEntry[],
    facts: SessionFacts,
    said?: Transcript,
  ): void {
    const moves = path.filter((entry) => entry.from !== entry.to)
    const first = moves[0]
    if (this.#level === 'minimal' || first === undefined) return
    const ended = facts.reason !== undefined
    this.write(transaction, 'state', ended ? 'warning' : 'info', facts, {
      side: this.#side,
      path: [first.from, ...moves.map((entry) => entry.to)],
      ms: moves.map((entry) => entry.ms),
      ...(facts.reason === undefined ? {} : { reason: facts.reason }),
      ...(facts.step === undefined ? {} : { step: facts.step }),
      ...(said === undefined ? {} : wordsOf(said)),
    })
  }

  write(
    transaction: StoreTransaction,
    type: AuditDraft['type'],
    severity: AuditDraft['severity'],
    facts: Pick<SessionFacts, 'id' | 'redemptionId' | 'tokenId' | 'peerId'>,
    data: Readonly<Record<string, JsonValue>>,
  ): void {
    const { id, redemptionId, tokenId, peerId } = facts
    transaction.appendAudit({
      type,
      severity,
      at: this.#clock.now(),
      monotonic: this.#clock.monotonic(),
      sessionId: id,
      ...(redemptionId === undefined ? {} : { redemptionId }),
      ...(tokenId === undefined ? {} : { tokenId }),
      peerId,
      data,
    })
  }
}

/** In and out, and the digests that the other side has too, of all and of each message. */
function wordsOf({ exchange, messages }: Transcript): Readonly<Record<string, JsonValue>> {
  if (exchange === undefined) return {}
  const { framesIn, framesOut, bytesIn, bytesOut, digest } = exchange
  return {
    frames: [framesIn, framesOut],
    bytes: [bytesIn, bytesOut],
    transcript: digest,
    messages: messages.map(({ from, type, bytes, digest: soFar }) => {
      return { from, type, bytes, digest: soFar }
    }),
  }
}
