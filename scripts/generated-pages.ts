/** A page of the docs, or a part of one, that is written by a program. */
export interface GeneratedPage {
  /** Where it goes, relative to the project. */
  readonly page: string
  /** The part between the marks of this name; all of the page if there is none. */
  readonly section?: string
  /** A module beside this one with `export function generate(): string | Promise<string>`. */
  readonly generator: string
}

export const GENERATED_PAGES: readonly GeneratedPage[] = [
  { page: 'docs/session-states.md', generator: './generate-session-states.ts' },
  { page: 'docs/limits.md', generator: './generate-limits.ts' },
  { page: 'docs/protocol.md', section: 'messages', generator: './generate-messages.ts' },
  { page: 'docs/protocol.md', section: 'order', generator: './generate-message-order.ts' },
  { page: 'docs/protocol.md', section: 'refusals', generator: './generate-refusals.ts' },
  { page: 'docs/protocol.md', section: 'example', generator: './generate-worked-example.ts' },
  { page: 'docs/performance.md', section: 'figures', generator: './generate-figures.ts' },
  { page: 'docs/dashboard.md', section: 'picture', generator: './generate-dashboard.ts' },
  { page: 'docs/dashboard.svg', generator: './generate-dashboard-svg.ts' },
  { page: 'README.md', section: 'commands', generator: './generate-commands.ts' },
  { page: 'README.md', section: 'exit-codes', generator: './generate-exit-codes.ts' },
]
