/** A source file. */
export interface SourceFile {
  /** Relative to `src`, with slashes. */
  readonly path: string
  readonly text: string
}
