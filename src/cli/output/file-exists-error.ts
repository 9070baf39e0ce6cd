/** The file that was named for the answer is there already, and it was not said that it may go. */
export class FileExistsError extends Error {
  override readonly name = 'FileExistsError'
  readonly code = 'file_exists'
  readonly path: string

  constructor(path: string, options?: ErrorOptions) {
    super(`${path} exists already`, options)
    this.path = path
  }
}
