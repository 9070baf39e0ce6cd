import type pg from 'pg'
import { appendRecord, type ChainHead } from '../../../audit/record/chain.ts'
import type { AuditDraft } from '../../../audit/record/record.ts'
import type { AuditThreads } from '../../audit/audit-threads.ts'
import type { Changes } from '../../memory/changes.ts'
import type { StepResult } from '../../query/query.ts'
import type { LockedHead } from '../node/node-head.ts'

/** The node's own part is a default of the table's. */
const ADD = `
  INSERT INTO audit_records (seq, session_id, thread, record, hash)
  SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bytea[])`

interface PendingRow extends ChainHead {
  readonly sessionId: string | null
  readonly thread: number | null
  readonly text: string
}

/** The records of one transaction: chained at once, and written many with one statement. */
export class PendingAudit {
  readonly #threads: AuditThreads
  readonly #removedUpTo: number
  #rows: PendingRow[] = []
  #head: ChainHead

  constructor({ removedUpTo, ...head }: LockedHead, threads: AuditThreads) {
    this.#head = head
    this.#removedUpTo = removedUpTo
    this.#threads = threads
  }

  /** True if nothing is to be written. */
  get isEmpty(): boolean {
    return this.#rows.length === 0
  }

  get head(): ChainHead {
    return this.#head
  }

  append(draft: AuditDraft): StepResult {
    const { seq, text, hash } = appendRecord(this.#head, draft)
    const thread = this.#threads.join(draft, seq, this.#removedUpTo) ?? null
    const sessionId = thread === null ? (draft.sessionId ?? null) : null
    this.#rows.push({ seq, hash, text, thread, sessionId })
    this.#head = { seq, hash }
    return { rows: [], changes: 1 }
  }

  /** Appends as part of a piece of work, with whose changes it is taken back. */
  appendIn(changes: Changes, draft: AuditDraft): void {
    const [count, head] = [this.#rows.length, this.#head]
    this.append(draft)
    changes.made(() => {
      this.#rows.length = count
      this.#head = head
      this.#threads.clear()
    })
  }

  /** Writes what was appended since the last time. @throws what pg throws */
  async write(client: pg.ClientBase): Promise<void> {
    if (this.#rows.length === 0) return
    const rows = this.#rows
    this.#rows = []
    const columns = [
      rows.map(({ seq }) => seq),
      rows.map(({ sessionId }) => sessionId),
      rows.map(({ thread }) => thread),
      rows.map(({ text }) => text),
      rows.map(({ hash }) => Buffer.from(hash)),
    ]
    await client.query({ name: 'taleus_audit', text: ADD, values: columns })
  }
}
