/** Facts about a change by which it has its place. */
interface OrderedChange {
  readonly hash: string
  readonly startOp: number
  readonly deps: readonly string[]
}

/**
 * Orders changes so that each comes behind those that it builds on, and that it is the same order on every replica.
 * @param changes in any order of which the first half of that holds
 */
export function inCausalOrder<Change extends OrderedChange>(
  changes: readonly Change[],
): readonly Change[] {
  const depths = new Map<string, number>()
  const depthOf = ({ hash }: Change) => depths.get(hash) ?? 0
  for (const { hash, deps } of changes) {
    depths.set(hash, Math.max(-1, ...deps.map((dep) => depths.get(dep) ?? 0)) + 1)
  }
  // A change without operations begins at the same number as one that builds on it.
  return changes.toSorted((a, b) => {
    return a.startOp - b.startOp || depthOf(a) - depthOf(b) || (a.hash < b.hash ? -1 : 1)
  })
}
