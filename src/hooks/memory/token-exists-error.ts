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
