/** Characters that are compared; no name is longer. */
const COMPARED = 60

/**
 * The name with the fewest changes to what was typed, if that is at most half of it. A name that goes on
 * after what was typed counts as one change.
 */
export function nearestOf(typed: string, names: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly changes: number } | undefined
  for (const name of names) {
    const changes = name.startsWith(typed) ? 1 : changesBetween(typed, name)
    if (best === undefined || changes < best.changes) best = { name, changes }
  }
  return best !== undefined && best.changes * 2 <= typed.length ? best.name : undefined
}

/** Levenshtein's distance: characters to put in, take out or replace. */
function changesBetween(left: string, right: string): number {
  let row = Array.from({ length: Math.min(right.length, COMPARED) + 1 }, (_, at) => at)
  for (const [at, character] of [...left.slice(0, COMPARED)].entries()) {
    const next = [at + 1]
    for (let column = 1; column < row.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (character === right[column - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
