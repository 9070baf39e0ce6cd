import pg from 'pg'
import type { SharedLimits, UsedUp } from '../../../session/ports/shared-limits.ts'
import { integer, type Row, text } from '../../row/row.ts'
import type { StorePlace } from '../connection/store-place.ts'
import type { TakenNode } from './node-head.ts'
import { asHolder, SERVER_NOW } from './nodes.ts'

/** How long a count stays after it has last changed, ms: twice as long as an empty bucket takes to be full again. */
const KEPT_MS = 120_000

/** How far back it is looked again, ms: what was begun before a look may be committed after it. */
const OVERLAP_MS = 5_000

/** Counts that wait to be told, at most: more peers than a node can serve between two renewals. */
const MAX_WAITING = 10_000

/** The nodes of one store tell each other here what peers have used up of their limits: each its own sums. */
export class SharedCharges implements SharedLimits {
  #waiting = new Map<string, UsedUp>()
  /** The sums of other nodes that were last seen; those of the time before, in case nothing was new since. */
  #seen = new Map<string, number>()
  #seenBefore = new Map<string, number>()
  /** The server's time of the last look, ms since the epoch; undefined before the first. */
  #lookedAt: number | undefined
  #turnedAt = 0
  #hear: (all: readonly UsedUp[]) => void = () => undefined

  used(all: readonly UsedUp[]): void {
    for (const each of all) {
      const name = `${each.of} ${each.key}`
      const amount = each.amount + (this.#waiting.get(name)?.amount ?? 0)
      if (this.#waiting.has(name) || this.#waiting.size < MAX_WAITING)
        this.#waiting.set(name, { ...each, amount })
    }
  }

  onUsedElsewhere(hear: (all: readonly UsedUp[]) => void): void {
    this.#hear = hear
  }

  /** Tells the others, and hears from them. What could not be told is lost: limits are no accounts. @throws what pg throws */
  async exchange(client: pg.ClientBase, place: StorePlace, own: TakenNode): Promise<void> {
    const waiting = JSON.stringify([...this.#waiting.values()])
    this.#waiting = new Map()
    const since = this.#lookedAt === undefined ? 0 : this.#lookedAt - OVERLAP_MS
    const [clock, , found] = await asHolder(client, place, own, [
      `SELECT ${SERVER_NOW} AS now`,
      `INSERT INTO charges AS c (node, kind, key, total, at)
        SELECT ${own.node}, v.of, v.key, v.amount, ${SERVER_NOW}
        FROM json_to_recordset(${pg.escapeLiteral(waiting)}) AS v (of text, key text, amount real)
        ON CONFLICT (node, kind, key) DO UPDATE SET total = c.total + excluded.total, at = excluded.at`,
      `SELECT node, kind, key, total FROM charges WHERE node <> ${own.node} AND at > ${since}`,
      `DELETE FROM charges WHERE node = ${own.node} AND at < ${SERVER_NOW} - ${KEPT_MS}`,
    ])
    this.#news(found?.rows ?? [], integer(clock?.rows[0] ?? {}, 'now'))
  }

  #news(rows: readonly Row[], now: number): void {
    const isFirst = this.#lookedAt === undefined
    this.#lookedAt = now
    const news = rows.map((row) => this.#newsOf(row))
    if (now - this.#turnedAt > KEPT_MS) {
      this.#turnedAt = now
      this.#seenBefore = this.#seen
      this.#seen = new Map()
    }
    // What was used up before this node was there has become free since, as far as anybody knows.
    if (!isFirst) this.#hear(news.filter(({ amount }) => amount > 0))
  }

  #newsOf(row: Row): UsedUp {
    const [of, key, total] = [text(row, 'kind'), text(row, 'key'), Number(row['total'])]
    const name = `${integer(row, 'node')} ${of} ${key}`
    const before = this.#seen.get(name) ?? this.#seenBefore.get(name) ?? 0
    this.#seen.set(name, total)
    // A sum that is less was begun anew.
    const amount = total < before ? total : total - before
    return { of: of as UsedUp['of'], key, amount }
  }
}
