/** A column holds what was never written there: a file changed by hand or by a fault, or a defect. */
export class RowInvalidError extends Error {
  override readonly name = 'RowInvalidError'
  readonly code = 'row_invalid'
  readonly column: string

  constructor(column: string, options?: ErrorOptions) {
    super(`column ${column} holds what was never written there`, options)
    this.column = column
  }
}
