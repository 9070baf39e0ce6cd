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

/** The database server answers, and is not set up for this: only a person can change that. */
export class DatabaseSetupError extends Error {
  override readonly name = 'DatabaseSetupError'
  readonly code = 'database_setup'
  readonly server: string

  constructor(problem: string, { server, ...options }: ServerErrorOptions) {
    super(`the database server ${server}: ${problem}`, options)
    this.server = server
  }
}
