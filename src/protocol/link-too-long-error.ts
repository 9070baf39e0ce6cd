/** The link does not fit in the given number of characters, not even with one address only. */
export class LinkTooLongError extends Error {
  override readonly name = 'LinkTooLongError'
  readonly code = 'link_too_long'
  readonly characters: number
  readonly maxCharacters: number

  constructor(characters: number, maxCharacters: number) {
    super(`the link needs ${characters} characters, ${maxCharacters} are allowed`)
    this.characters = characters
    this.maxCharacters = maxCharacters
  }
}
