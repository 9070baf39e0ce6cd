/** The store can't be read or written now: disk full, I/O error, locked for too long. Nothing of the batch was kept. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError'
  readonly code: 'store' | 'disk_full' = 'store'
  readonly path: string

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`the store ${path} ${problem}`, options)
    this.path = path
  }
}

/**
 * There was no room for what was to be written. SQLite took all of it back before it said so, and nothing of it can
 * come to light later: when there is room, the same store goes on.
 */
export class StoreFullError extends StoreError {
  override readonly name = 'StoreFullError'
  override readonly code = 'disk_full'

  constructor(path: string, options?: ErrorOptions) {
    super(path, 'has no room left on its disk', options)
  }
}

/** The file is there and is no store of ours, or not a whole one. It is left exactly as it is. */
export class StoreDamagedError extends Error {
  override readonly name = 'StoreDamagedError'
  readonly code = 'store_damaged'
  readonly path: string

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`the store ${path} ${problem}`, options)
    this.path = path
  }
}

/** The store was written by a newer taleus. */
export class StoreNewerError extends Error {
  override readonly name = 'StoreNewerError'
  readonly code = 'store_newer'
  readonly path: string

  constructor(path: string) {
    super(`the store ${path} was written by a newer taleus`)
    this.path = path
  }
}

/** A column holds what was never written there: a file changed by hand or by a fault, or a defect. */
export class RowInvalidError extends Error {
  override readonly name = 'RowInvalidError'
  readonly code = 'row_invalid'
  readonly column: string

  constructor(column: string, options?: ErrorOptions) {
    super(`column ${column} holds what was never written there`, options)
    this.column = column
  }
}

/** The audit does not fit together where it was read: nothing is signed over it. */
export class TrailBrokenError extends Error {
  override readonly name = 'TrailBrokenError'
  readonly code = 'trail_broken'
  /** The first record that is not as it was written. */
  readonly seq: number

  constructor(seq: number) {
    super(`the audit trail is broken at record ${seq}: nothing is signed over it`)
    this.seq = seq
  }
}
