interface ServerErrorOptions extends ErrorOptions {
  /** `HOST:PORT/DATABASE`. */
  readonly server: string
}

/** The database server did not answer, or can't serve just now: the same again, later, may do. */
export class DatabaseUnreachableError extends Error {
  override readonly name = 'DatabaseUnreachableError'
  readonly code = 'database_unreachable'
  readonly server: string

  /** @param problem follows "the database server …" */
  constructor(problem: string, { server, ...options }: ServerErrorOptions) {
    super(`the database server ${server} ${problem}`, options)
    this.server = server
  }
}

/** The database server answers, and is not set up for tallies: only a person can change that. */
export class DatabaseSetupError extends Error {
  override readonly name = 'DatabaseSetupError'
  readonly code = 'database_setup'
  readonly server: string

  constructor(problem: string, { server, ...options }: ServerErrorOptions) {
    super(`the database server ${server}: ${problem}`, options)
    this.server = server
  }
}

/** A database for this tally exists, somebody has written in it, and it is not the one asked for. Nothing was changed. */
export class TallyDatabaseTakenError extends Error {
  override readonly name = 'TallyDatabaseTakenError'
  readonly code = 'database_conflict'
  readonly tallyId: string

  constructor(tallyId: string) {
    super(`the schema of tally ${tallyId} holds another draft, and is in use`)
    this.tallyId = tallyId
  }
}
