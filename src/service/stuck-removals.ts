import type { OwedRemoval } from '../session/ports/store.ts'
import type { Store } from '../store/store.ts'

export type StuckRemoval = OwedRemoval

/** How many are told. */
const MAX_TOLD = 1_000

/** Databases that should be gone and could not be removed so far, the longest first. @throws StoreError */
export function stuckRemovals(store: Store): readonly StuckRemoval[] {
  return store.read(({ removals }) => removals.list(MAX_TOLD)).filter(({ tries }) => tries > 0)
}
