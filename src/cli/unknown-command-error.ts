/** No command has this name. */
export class UnknownCommandError extends Error {
  override readonly name = 'UnknownCommandError'
  readonly code = 'unknown_command'

  /**
   * @param id as typed, words joined by `:`
   * @param known ids of all commands
   */
  constructor(id: string, known: readonly string[]) {
    super(sentenceFor(id, known))
  }
}

function sentenceFor(id: string, known: readonly string[]): string {
  if (/^["'<]*taleus:/i.test(id))
    return 'A link is no command: did you mean `taleus bootstrap LINK`?'
  const typed = id.split(':')[0] === '' ? id : id.replaceAll(':', ' ')
  const nearest = nearestOf(id, known)
  const hint =
    nearest === undefined ? '' : ` Did you mean \`taleus ${nearest.replaceAll(':', ' ')}\`?`
  return `There is no command \`${typed.slice(0, 60)}\`.${hint}`
}

/** The known id with the fewest changes, if that is less than half of what was typed. */
function nearestOf(id: string, known: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const name of known) {
    const distance = Math.min(
      changesBetween(id, name),
      changesBetween(id, name.slice(0, id.length)) + 1,
    )
    if (best === undefined || distance < best.distance) best = { name, distance }
  }
  return best !== undefined && best.distance * 2 <= id.length ? best.name : undefined
}

/** Levenshtein's distance of the first 60 characters. */
function changesBetween(left: string, right: string): number {
  let row = Array.from({ length: Math.min(right.length, 60) + 1 }, (_, at) => at)
  for (const [at, character] of [...left.slice(0, 60)].entries()) {
    const next = [at + 1]
    for (let column = 1; column < row.length; column++) {
      const same = character === right[column - 1] ? 0 : 1
      const replaced = (row[column - 1] ?? 0) + same
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
