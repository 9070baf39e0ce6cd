import type { AuditDraft } from '../../audit/record/record.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { Clock } from '../ports/clock.ts'
import type { JournalEntry, Side } from '../ports/session-summary.ts'
import type { AuditWrite, WriteFacts } from '../ports/write.ts'
import type { SessionFacts } from '../run/session-machine.ts'
import type { Transcript } from '../run/transcript.ts'

/** Makes a session's audit records, all with the same side, clock and level. */
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
   * Records the states that this commit makes durable, with the ms spent in each state that was left.
   * @param said the transcript, if this is the session's end
   */
  path(
    path: readonly JournalEntry[],
    facts: SessionFacts,
    said?: Transcript,
  ): readonly AuditWrite[] {
    const moves = path.filter((entry) => entry.from !== entry.to)
    const first = moves[0]
    if (this.#level === 'minimal' || first === undefined) return []
    // A request that waits for the inviter's word has not failed.
    const isFailed = facts.reason !== undefined && facts.reason !== 'pending'
    const data = {
      side: this.#side,
      path: [first.from, ...moves.map((entry) => entry.to)],
      ms: moves.map((entry) => entry.ms),
      ...compact({ reason: facts.reason, step: facts.step, protocol: facts.protocol }),
      ...(said && exchangeOf(said)),
    }
    return [this.record('state', isFailed ? 'warning' : 'info', facts, data)]
  }

  /** The members that the records of a session's other writes have in common. */
  facts({ sessionId, peerId }: Pick<WriteFacts, 'sessionId' | 'peerId'>): WriteFacts {
    return { sessionId, peerId, at: this.#clock.now(), monotonic: this.#clock.monotonic() }
  }

  record(
    type: AuditDraft['type'],
    severity: AuditDraft['severity'],
    facts: Pick<SessionFacts, 'id' | 'redemptionId' | 'tokenId' | 'peerId'>,
    data: Readonly<Record<string, JsonValue>>,
  ): AuditWrite {
    const { id, redemptionId, tokenId, peerId } = facts
    const [at, monotonic] = [this.#clock.now(), this.#clock.monotonic()]
    const about = { sessionId: id, redemptionId, tokenId, peerId }
    const draft = compact({ type, severity, at, monotonic, ...about, data })
    return { op: 'appendAudit', draft }
  }
}

/** Returns the sizes of the exchange, in and out, and its digests, of all and of each message, alike on both sides. */
function exchangeOf({ exchange, messages }: Transcript): Readonly<Record<string, JsonValue>> {
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
