import { sha256 } from '../../protocol/base/digest.ts'
import type { Row } from '../row/row.ts'

/** Sums are of 128 bits. */
const HALF = 64n
const MASK = (1n << 128n) - 1n

/** The content of a table, however its rows are ordered. */
export interface TableContent {
  readonly rows: number
  /** The sum of the hashes of all rows, hex. */
  readonly digest: string
}

/** Adds up the rows of a table, to be compared with those of another engine. */
export class TableDigest {
  readonly #columns: readonly string[]
  #rows = 0
  #sum = 0n

  constructor(columns: readonly string[]) {
    this.#columns = columns
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) {
      const values = this.#columns.map((column) => comparable(row[column]))
      const hash = sha256(JSON.stringify(values))
      this.#sum += (hash.readBigUInt64LE(0) << HALF) | hash.readBigUInt64LE(8)
      this.#rows += 1
    }
    this.#sum &= MASK
  }

  get content(): TableContent {
    return { rows: this.#rows, digest: this.#sum.toString(16) }
  }
}

/** Tells a text from bytes. */
function comparable(value: unknown): unknown {
  return value instanceof Uint8Array ? [Buffer.from(value).toString('base64')] : (value ?? null)
}
