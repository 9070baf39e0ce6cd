/** A file that the user named could not be written. */
export class OutputFileError extends Error {
  override readonly name = 'OutputFileError'
  readonly code = 'output_file'
  readonly path: string

  constructor(path: string, { cause }: { readonly cause: unknown }) {
    super(`can't write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
    this.path = path
  }
}
