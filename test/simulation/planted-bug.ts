import type { SessionHooks } from '../../src/hooks/session-hooks.ts'
import type { SessionStore } from '../../src/session/ports/store.ts'
import type { Life } from './life.ts'
import type { PartyNode } from './party-node.ts'

/** A defect put into every node by injection. A simulation that does not find it is not worth much. */
export interface PlantedBug {
  readonly name: string
  /** Around the store that the session core is given. */
  store?(own: SessionStore, node: PartyNode, life: Life): SessionStore
  /** Around the host's hooks. */
  hooks?(own: SessionHooks, node: PartyNode): SessionHooks
  /** Changes the machines' tables. Returns the way back. */
  tables?(): () => void
}

export const NO_BUG: PlantedBug = { name: 'none' }
