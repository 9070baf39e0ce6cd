import type pg from 'pg'
import { integer } from '../../row/row.ts'

/** As the sequence counts. */
const FENCES_IN_A_BLOCK = 1_024

/**
 * Goes on with the block that this engine had last, unless another one has taken one since: the fences of a redemption, whose row is
 * locked by now, must grow. $1: the block's first number, or 0 for another one.
 */
const TAKE = `
  SELECT CASE WHEN last_value = $1::bigint AND is_called THEN last_value
    ELSE nextval('fences') END AS first FROM fences`

/** Fences for one engine, a block at a time. */
export class FenceBlock {
  #first = 0
  #last = 0

  /** The fence that was given out last. */
  get last(): number {
    return this.#last
  }

  /** Makes sure that so many are there. Sent after the statements that lock. */
  async take(client: pg.ClientBase, count: number): Promise<void> {
    const isEnough = this.#last + count < this.#first + FENCES_IN_A_BLOCK
    const { rows } = await client.query({
      name: 'taleus_fences',
      text: TAKE,
      values: [isEnough ? this.#first : 0],
    })
    const first = integer(rows[0], 'first')
    if (first === this.#first) return
    this.#first = first
    this.#last = first - 1
  }

  used(last: number): void {
    this.#last = Math.max(this.#last, last)
  }
}
