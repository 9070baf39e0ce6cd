import type { SessionHooks } from '../../../src/hooks/session-hooks.ts'
import type { SessionStore } from '../../../src/session/ports/store.ts'
import type { Beside } from '../world/disk.ts'

/** Where a bug is planted. */
export interface BugSite {
  /** Lets something be done in the transaction of the piece of work that is submitted meanwhile. */
  beside<Result>(beside: Beside, submit: () => Result): Result
  /** Runs SQL on the node's own database, past everything that is to keep it in order. */
  sql(text: string, ...values: readonly (string | number | null)[]): void
  /** Several statements. */
  script(text: string): void
  /** One value. */
  ask(text: string, ...values: readonly (string | number | null)[]): unknown
  /** The secrets of all invitations. */
  readonly secrets: readonly Uint8Array[]
}

/** A defect put into every node by injection. A simulation that does not find it is not worth much. */
export interface PlantedBug {
  readonly name: string
  /** A seed whose run has shown it: tried first, and the others after it if that shows nothing any more. @default 1 */
  readonly foundBy?: number
  /** It takes many runs until it shows. */
  readonly isRare?: true
  /** The rules that it may break. */
  readonly breaks: readonly string[]
  /** Around the store that the session core is given. */
  store?(own: SessionStore, site: BugSite): SessionStore
  /** Around the host's hooks. */
  hooks?(own: SessionHooks): SessionHooks
  /** Changes the machines' tables. Returns the way back. */
  tables?(): () => void
}

export const NO_BUG: PlantedBug = { name: 'none', breaks: [] }
