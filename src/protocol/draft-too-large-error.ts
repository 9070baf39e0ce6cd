/** Identities, cadres and terms together make a draft that no message can carry. */
export class DraftTooLargeError extends Error {
  override readonly name = 'DraftTooLargeError'
  readonly code = 'draft_too_large'
  readonly bytes: number

  constructor(bytes: number) {
    super(`the draft has ${bytes} bytes, too many for a message`)
    this.bytes = bytes
  }
}
