/** The store can't be read or written now: disk full, I/O error, locked for too long. Nothing of the batch was kept. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError'
  readonly code: 'store' | 'disk_full' = 'store'
  readonly path: string

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`the store ${path} ${problem}`, options)
    this.path = path
  }
}
