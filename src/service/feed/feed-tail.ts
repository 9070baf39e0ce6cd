import { parseRecord } from '../../audit/record/parse-record.ts'
import type { AuditRecord } from '../../audit/record/record.ts'
import { compact } from '../../protocol/base/compact.ts'
import { type AuditRow, auditRecords } from '../../store/audit/audit-records.ts'
import type { IssuedToken } from '../../store/ledger/tokens.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tokenRecords } from '../../store/records/token-records.ts'
import type { FeedFact, FeedToken } from './event-feed-event.ts'

/** How often the store is asked for what is new, ms. */
const POLL_MS = 250
/** Records that a reader who begins is told of. */
const TAIL = 50
/** Records told at one time; of more, only the newest. Their numbers show the gap, and the trail itself has them all. */
const MAX_RECORDS = 100
/** Invitations told of. */
const MAX_TOKENS = 100
/** How often invitations are told at most, ms: their uses are counted anew each time. */
const TOKENS_MS = 2_000

/**
 * Tells what anybody adds to the trail: commands write to the same store from processes of their own, so the
 * store is asked and not the writers.
 */
export class FeedTail {
  readonly #store: RecordStore
  readonly #publish: (fact: FeedFact) => void
  #timer: NodeJS.Timeout | undefined
  #polling = false
  #last = 0
  #recent: readonly AuditRecord[] = []
  #tokens: FeedFact | undefined
  #tokensAt = Number.NEGATIVE_INFINITY
  #tokensAreOld = true

  constructor(store: RecordStore, publish: (fact: FeedFact) => void) {
    this.#store = store
    this.#publish = publish
  }

  start(): void {
    this.#tokensAreOld = true
    this.#timer = setInterval(() => void this.#poll(), POLL_MS)
    this.#timer.unref()
    void this.#poll()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#last = 0
    this.#recent = []
    this.#tokens = undefined
  }

  /** For a reader that comes later than the first. */
  snapshot(): readonly FeedFact[] {
    const records = this.#recent.map((record) => ({ type: 'audit' as const, record }))
    return this.#tokens === undefined ? records : [...records, this.#tokens]
  }

  async #poll(): Promise<void> {
    if (this.#polling || this.#timer === undefined) return
    this.#polling = true
    try {
      await this.#readRecords()
      await this.#readTokens()
    } catch {
      // Those who need the store tell that it fails; a reader only sees nothing new.
    } finally {
      this.#polling = false
    }
  }

  async #readRecords(): Promise<void> {
    const newest = await this.#store.query(() => auditRecords.lastSeq())
    if (newest <= this.#last) return
    const most = this.#last === 0 ? TAIL : MAX_RECORDS
    const after = Math.max(this.#last, newest - most)
    const rows = await this.#store.queryDurable(() => auditRecords.after(after))
    if (this.#timer === undefined) return
    this.#last = rows.at(-1)?.seq ?? newest
    this.#tell(rows)
  }

  #tell(rows: readonly AuditRow[]): void {
    const records = rows.flatMap((row) => recordOf(row) ?? [])
    for (const record of records) this.#publish({ type: 'audit', record })
    this.#recent = [...this.#recent, ...records].slice(-TAIL)
    this.#tokensAreOld ||= records.some(({ tokenId }) => tokenId !== undefined)
    // A new one has a name that is not known yet; uses can wait.
    if (records.some(({ type, data }) => type === 'token' && data['event'] === 'issued')) {
      this.#tokensAt = Number.NEGATIVE_INFINITY
    }
  }

  async #readTokens(): Promise<void> {
    if (!this.#tokensAreOld || performance.now() - this.#tokensAt < TOKENS_MS) return
    this.#tokensAreOld = false
    this.#tokensAt = performance.now()
    const now = Date.now()
    const { tokens, more } = await this.#store.query(() => tokenRecords.current(now, MAX_TOKENS))
    if (this.#timer === undefined) return
    this.#tokens = { type: 'tokens', tokens: tokens.map(feedToken), more }
    this.#publish(this.#tokens)
  }
}

/** Undefined for a row that is not ours: `audit verify` tells about those. */
function recordOf(row: AuditRow): AuditRecord | undefined {
  try {
    return parseRecord(row.text)
  } catch {
    return undefined
  }
}

function feedToken({ id, label, role, uses, used, reserved, ...rest }: IssuedToken): FeedToken {
  const { expiresAt, revokedAt, pausedAt, byHand } = rest
  const counts = { uses, used, reserved }
  return compact({ id, label, role, ...counts, expiresAt, revokedAt, pausedAt, byHand })
}
