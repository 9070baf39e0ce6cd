/** A database for this tally exists, and it is not the one asked for. Nothing was changed. */
export class DatabaseConflictError extends Error {
  override readonly name = 'DatabaseConflictError'
  readonly code = 'database_conflict'
  readonly tallyId: string

  constructor(tallyId: string) {
    super(`the database of tally ${tallyId} was built for something else`)
    this.tallyId = tallyId
  }
}
