/** One word of a command line, or a piece of one: in quotes, or without. */
const PIECE = /'([^']*)'|"([^"]*)"|([^\s'"]+)|(\s+)|(['"])/g

/**
 * Divides a command line into words, as a shell does and no further: spaces part words, '…' and "…" keep together what
 * stands between them. Nothing else has a meaning: no variables, wildcards, pipes or backslashes.
 * @returns undefined if a quote has no end
 */
export function commandWords(text: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  for (const [, single, double, bare, space, loose] of text.matchAll(PIECE)) {
    if (loose !== undefined) return undefined
    if (space === undefined) word = (word ?? '') + (single ?? double ?? bare ?? '')
    else if (word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  return word === undefined ? words : [...words, word]
}
