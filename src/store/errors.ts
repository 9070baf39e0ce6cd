/** The directory holds no party, and what was wanted makes none. */
export class NoPartyError extends Error {
  override readonly name = 'NoPartyError'
  readonly code = 'no_party'
  readonly path: string

  constructor(path: string) {
    super(`there is no party in ${path}`)
    this.path = path
  }
}

/** The store can't be read or written now (I/O error, locked for too long, disk full). Nothing of the batch was kept. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError'
  readonly code: 'store' | 'disk_full' | 'store_unreachable' | 'store_setup' = 'store'
  readonly path: string

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`the store ${path} ${problem}`, options)
    this.path = path
  }
}

/**
 * The disk has no room for a write. SQLite undid all of it before it reported so: once there is room, the same open store
 * goes on.
 */
export class StoreFullError extends StoreError {
  override readonly name = 'StoreFullError'
  override readonly code = 'disk_full'

  constructor(path: string, options?: ErrorOptions) {
    super(path, 'has no room left on its disk', options)
  }
}

/** The database server with the store did not answer, or can't serve just now: the same again, later, may do. */
export class StoreUnreachableError extends StoreError {
  override readonly name = 'StoreUnreachableError'
  override readonly code = 'store_unreachable'
}

/** The database server with the store answers, and is not set up for it: only a person can change that. */
export class StoreSetupError extends StoreError {
  override readonly name = 'StoreSetupError'
  override readonly code = 'store_setup'
}

/** The party's store is another one than was named. Nothing was opened. */
export class StoreElsewhereError extends Error {
  override readonly name = 'StoreElsewhereError'
  readonly code = 'store_elsewhere'
  readonly path: string

  /** @param path of the one that was named @param place of the party's */
  constructor(path: string, place: string) {
    super(`the store of this party is ${place}, and not ${path}`)
    this.path = path
  }
}

/** The store was, or is being, carried over to another place: it takes no writes any more. */
export class StoreCarriedError extends Error {
  override readonly name = 'StoreCarriedError'
  readonly code = 'store_carried'
  readonly path: string

  /** @param place it is carried over to, if that is known */
  constructor(path: string, place?: string, options?: ErrorOptions) {
    const where = place === undefined ? 'another place' : place
    super(`the store ${path} was carried over to ${where}, or is being carried there`, options)
    this.path = path
  }
}

/** The file is not a store of taleus, or is damaged. It is left exactly as it is. */
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

/** The store must be brought up to date, and a listener of the version that it is of is at work on it. Nothing was changed. */
export class StoreInUseError extends Error {
  override readonly name = 'StoreInUseError'
  readonly code = 'store_in_use'
  readonly path: string

  constructor(path: string) {
    super(`the store ${path} is of an older version, and a listener is running on it`)
    this.path = path
  }
}

/** Where a store is: on a disk of this computer, or on a server. */
export type StoreMedium = 'disk' | 'server'

interface StalledOn extends ErrorOptions {
  readonly on: StoreMedium
}

/** The disk or the server does not answer. What was written last may be there or not; the next process that opens the store sees. */
export class StoreStalledError extends Error {
  override readonly name = 'StoreStalledError'
  readonly code = 'store_stalled'
  readonly path: string
  readonly on: StoreMedium

  constructor(path: string, { on, ...options }: StalledOn) {
    super(`the ${on} with the store ${path} does not answer`, options)
    this.path = path
    this.on = on
  }
}

/** The store was written under another key than the one beside it. Nothing was changed. */
export class StoreOwnerError extends Error {
  override readonly name = 'StoreOwnerError'
  readonly code = 'store_owner'
  readonly path: string
  /** Peer ids. */
  readonly owner: string
  readonly party: string

  constructor(path: string, owner: string, party: string) {
    super(`the store ${path} is the one of ${owner}, and the key beside it is the one of ${party}`)
    this.path = path
    this.owner = owner
    this.party = party
  }
}

/** A column holds a value that this code never writes: the file was changed by hand or by a fault, or this is a defect. */
export class RowInvalidError extends Error {
  override readonly name = 'RowInvalidError'
  readonly code = 'row_invalid'
  readonly column: string

  constructor(column: string, options?: ErrorOptions) {
    super(`column ${column} holds what was never written there`, options)
    this.column = column
  }
}

/** The audit's hash chain is broken: nothing is signed over it. */
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

/**
 * The server has lost records of this node that it had committed: it went back to an earlier state, after a failover for
 * instance. Nothing is written on top of it.
 */
export class StoreHistoryLostError extends Error {
  override readonly name = 'StoreHistoryLostError'
  readonly code = 'store_history_lost'
  readonly path: string
  /** The last record that was committed. */
  readonly seq: number

  constructor(path: string, seq: number) {
    super(`the store ${path} has lost record ${seq}, which was committed`)
    this.path = path
    this.seq = seq
  }
}

/** Another process works as this node: it holds the lease on it. Nothing was changed. */
export class NodeHeldError extends Error {
  override readonly name = 'NodeHeldError'
  readonly code = 'node_held'
  readonly path: string

  constructor(path: string) {
    super(`another process works as this node in the store ${path}`)
    this.path = path
  }
}

/** Another process has taken this node over, or it was retired. Nothing was written. */
export class NodeSupersededError extends Error {
  override readonly name = 'NodeSupersededError'
  readonly code = 'node_superseded'
  readonly path: string

  constructor(path: string) {
    super(`another process has taken this node over in the store ${path}`)
    this.path = path
  }
}
