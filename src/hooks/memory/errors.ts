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

/** No more databases fit into memory. Nothing was built. */
export class DatabasesFullError extends Error {
  override readonly name = 'DatabasesFullError'
  readonly code = 'databases_full'
  readonly max: number

  constructor(max: number) {
    super(`${max} databases are held already`)
    this.max = max
  }
}

/** A token of this id was issued before. Nothing was changed. */
export class TokenExistsError extends Error {
  override readonly name = 'TokenExistsError'
  readonly code = 'token_exists'
  readonly tokenId: string

  constructor(tokenId: string) {
    super(`the token ${tokenId} exists already`)
    this.tokenId = tokenId
  }
}
