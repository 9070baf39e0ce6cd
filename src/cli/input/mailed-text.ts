const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Reads a text that may have come by mail: without a byte order mark, with `\n` for all line ends, nothing at the ends
 * of lines, and neither empty lines nor blanks at its own ends. What we write ourselves reads the same either way.
 * @returns undefined if it is not UTF-8
 */
export function mailedText(bytes: Uint8Array): string | undefined {
  return decoded(bytes)
    ?.replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[ \t]+(?=\n|$)/g, '')
    .trim()
}

/** The first line of the signatures in a note. */
const SIGNATURES = /^— /m

/**
 * Reads a signed note that may have come by mail, which also sets lines apart: the one empty line that belongs into it is
 * put back in its place.
 */
export function mailedNote(bytes: Uint8Array): string {
  const text = (mailedText(bytes) ?? '').replaceAll(/\n{2,}/g, '\n')
  const at = text.search(SIGNATURES)
  return at < 0 ? `${text}\n` : `${text.slice(0, at)}\n${text.slice(at)}\n`
}

/** The decoder drops a byte order mark. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}
