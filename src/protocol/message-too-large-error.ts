/** A message would not fit in one frame. */
export class MessageTooLargeError extends Error {
  override readonly name = 'MessageTooLargeError'
  readonly code = 'message_too_large'
  readonly bytes: number

  constructor(bytes: number) {
    super(`the message has ${bytes} bytes, too many for a frame`)
    this.bytes = bytes
  }
}
