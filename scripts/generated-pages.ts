/** A page of the docs that is written by a program. */
export interface GeneratedPage {
  /** Where it goes, relative to the project. */
  readonly page: string
  /** A module beside this one with `export function generate(): string | Promise<string>`. */
  readonly generator: string
}

export const GENERATED_PAGES: readonly GeneratedPage[] = [
  { page: 'docs/session-states.md', generator: './generate-session-states.ts' },
]
