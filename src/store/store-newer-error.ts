/** The store was written by a newer taleus. */
export class StoreNewerError extends Error {
  override readonly name = 'StoreNewerError'
  readonly code = 'store_newer'
  readonly path: string

  constructor(path: string) {
    super(`the store ${path} was written by a newer taleus`)
    this.path = path
  }
}
