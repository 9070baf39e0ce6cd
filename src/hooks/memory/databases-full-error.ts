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
