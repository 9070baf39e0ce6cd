/** A page of the docs, or a part of one, that is written by a program. */
export interface GeneratedPage {
  /** Its path, relative to the project. */
  readonly page: string
  /** The part between the marks of this name; all of the page if there is none. */
  readonly section?: string
  /** A module, from this folder, with `export function generate(): string | Promise<string>`. */
  readonly generator: string
}

export const GENERATED_PAGES: readonly GeneratedPage[] = [
  { page: 'docs/session-states.md', generator: '../pages/session-states.ts' },
  { page: 'docs/limits.md', generator: '../pages/limits.ts' },
  { page: 'docs/protocol.md', section: 'messages', generator: '../pages/messages.ts' },
  { page: 'docs/protocol.md', section: 'order', generator: '../pages/message-order.ts' },
  { page: 'docs/protocol.md', section: 'refusals', generator: '../pages/refusals.ts' },
  { page: 'docs/protocol.md', section: 'example', generator: '../pages/worked-example.ts' },
  { page: 'docs/performance.md', section: 'figures', generator: '../pages/figures.ts' },
  { page: 'docs/performance.md', section: 'builds', generator: '../pages/builds.ts' },
  { page: 'docs/scaling.md', section: 'scaling', generator: '../pages/scaling.ts' },
  { page: 'docs/dashboard.md', section: 'picture', generator: '../pages/dashboard.ts' },
  { page: 'docs/dashboard.svg', generator: '../pages/dashboard-svg.ts' },
  { page: 'README.md', section: 'commands', generator: '../pages/topics.ts' },
  { page: 'docs/commands.md', section: 'commands', generator: '../pages/commands.ts' },
  { page: 'docs/hooks.md', section: 'event-kinds', generator: '../pages/event-kinds.ts' },
  { page: 'docs/exit-codes.md', section: 'exit-codes', generator: '../pages/exit-codes.ts' },
]
