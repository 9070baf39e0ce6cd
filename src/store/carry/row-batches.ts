import type { Row } from '../row/row.ts'

/** Rows and bytes that are handed on at once: a server takes some milliseconds for them. */
const MAX_ROWS = 500
const MAX_BYTES = 1_048_576

/** Gathers rows to batches. */
export function* rowBatches(rows: Iterable<Row>): Generator<readonly Row[]> {
  let batch: Row[] = []
  let bytes = 0
  for (const row of rows) {
    batch.push(row)
    bytes += sizeOf(row)
    if (batch.length < MAX_ROWS && bytes < MAX_BYTES) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

function sizeOf(row: Row): number {
  let bytes = 0
  for (const value of Object.values(row)) {
    const isLong = typeof value === 'string' || value instanceof Uint8Array
    bytes += isLong ? value.length : 8
  }
  return bytes
}
