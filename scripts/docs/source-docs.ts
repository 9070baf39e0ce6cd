/** A doc comment (or `//` lines) and, after it, the name that is declared. */
const DOCUMENTED =
  /^[ \t]*(?:\/\*\*(?<block>(?:(?!\*\/)[\s\S])*)\*\/|(?<lines>(?:\/\/.*\n[ \t]*)+))\s*(?:export )?(?:readonly |const |interface |type )*(?<name>\w+)\??(?=[\s:={(<])/gm

/** Maps the name of each documented declaration or member of a source text to its comment in one line. */
export function docsOf(source: string): Map<string, string> {
  const docs = new Map<string, string>()
  for (const { groups } of source.matchAll(DOCUMENTED)) {
    const comment = groups?.['block'] ?? groups?.['lines'] ?? ''
    const name = groups?.['name']
    if (name !== undefined && !docs.has(name)) docs.set(name, inOneLine(comment))
  }
  return docs
}

/** Drops the marks of comments, and all from the first `@throws` or the like on. */
function inOneLine(comment: string): string {
  const text = comment
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\*|\/\/)?\s?/, ''))
    .join(' ')
  return (text.split(/@(?:throws|param|returns)\b/)[0] ?? '').replace(/\s+/g, ' ').trim()
}
