/** The file is there and is no store of ours, or not a whole one. It is left exactly as it is. */
export class StoreDamagedError extends Error {
  override readonly name = 'StoreDamagedError'
  readonly code = 'store_damaged'
  readonly path: string

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`the store ${path} ${problem}`, options)
    this.path = path
  }
}
