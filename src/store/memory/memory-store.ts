import type { OfferedTerms } from '../../session/machine/listener-state.ts'
import type { StoreLookups } from '../../session/ports/lookups.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import type { Submitted, Work, WorkOutcome } from '../../session/ports/work.ts'
import { StoreError } from '../errors.ts'
import type { TokenToIssue } from '../ledger/tokens.ts'
import { applyWork } from '../work/apply-work.ts'
import { lookupsOn } from '../work/lookups.ts'
import { WriteRefused } from '../work/write-refused.ts'
import { changeTerms, UNTOUCHED } from './memory-token-tables.ts'
import { Rows } from './rows.ts'
import { tablesOn } from './tables-on.ts'

export interface MemoryStoreInit {
  /** Turns of the event loop that each answer takes, so that nobody relies on an engine that has it at once. @default 0 */
  readonly turns?: number
}

/** An engine without SQL, whose rows are plain values that live and die with the process. */
export class MemoryStore implements SessionStore {
  readonly lookups: StoreLookups
  /** Reading is free at any time. */
  readonly rows = new Rows()
  readonly #turns: number
  readonly #tables = tablesOn(this.rows)
  #isClosed = false

  constructor({ turns = 0 }: MemoryStoreInit = {}) {
    this.#turns = turns
    // An answer is the asker's own: to change it changes nothing here.
    this.lookups = lookupsOn(this.#tables, async (question) => {
      this.#checkOpen()
      const answer = structuredClone(question())
      await this.#later()
      return answer
    })
  }

  submit(work: Work): Submitted {
    const outcome = this.#outcome(work, (apply) => this.rows.changes.keep(apply))
    const durable = outcome.then(() => this.#kept())
    // Whoever does not wait for it must not turn it into an unhandled rejection.
    for (const each of [outcome, durable]) each.catch(() => undefined)
    return { outcome, durable }
  }

  rehearse(work: Work): Promise<WorkOutcome> {
    return this.#outcome(work, (apply) => this.rows.changes.rehearse(apply))
  }

  /** Stores a token that was minted. */
  issueToken({ id, secretHash, role, uses, issuedAt, expiresAt, ...given }: TokenToIssue): void {
    const { required, optional, terms, byHand = false } = structuredClone(given)
    const limits = { role, uses, issuedAt, expiresAt, required, optional, terms, byHand }
    this.rows.changes.keep(() => this.rows.tokens.put({ id, secretHash, ...limits, ...UNTOUCHED }))
  }

  /** Revokes a token. False if it was revoked before. */
  revokeToken(id: string, at: number): boolean {
    return this.rows.changes.keep(() => this.#tables.tokens.revoke(id, at))
  }

  /** Has a token give nothing new. */
  pauseToken(id: string, pausedAt: number): void {
    const { tokens } = this.rows
    this.rows.changes.keep(() => {
      const row = tokens.get(id)
      if (row !== undefined) tokens.put({ ...row, pausedAt })
    })
  }

  /** Offers these terms to later invitees. False if the token has them already. */
  changeTerms(id: string, terms: OfferedTerms): boolean {
    return this.rows.changes.keep(() => changeTerms(this.rows, id, structuredClone(terms)))
  }

  /** Adds a part of a tally's document, for a database hook that keeps it here. */
  addChunk(tallyId: string, chunk: Uint8Array): void {
    const { chunks = [] } = this.rows.documents.get(tallyId) ?? {}
    const row = { tallyId, chunks: [...chunks, chunk.slice()] }
    this.rows.changes.keep(() => this.rows.documents.put(row))
  }

  /** Ends the store: nothing is written or told any more. */
  close(): void {
    this.#isClosed = true
  }

  /** Applies the work at once, and tells of it in turns. */
  async #outcome(work: Work, run: (apply: () => WorkOutcome) => WorkOutcome): Promise<WorkOutcome> {
    try {
      this.#checkOpen()
      // A write is a plain value, which nobody changes once it is stored.
      const own = structuredClone(work)
      return structuredClone(run(() => ({ kind: 'applied', ...applyWork(this.#tables, own) })))
    } catch (error) {
      if (error instanceof WriteRefused) return { kind: 'lost', at: error.at, why: error.why }
      throw error
    } finally {
      await this.#later()
    }
  }

  async #kept(): Promise<void> {
    await turn()
    this.#checkOpen()
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new StoreError('in memory', 'is closed')
  }

  async #later(): Promise<void> {
    for (let each = 0; each < this.#turns; each += 1) await turn()
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve))
}
