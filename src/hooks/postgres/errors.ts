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
