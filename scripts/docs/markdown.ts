/** Finds the targets of the inline and reference links and images in a markdown text, code left out. */
export function linkTargets(text: string): string[] {
  const prose = withoutCode(text)
  const inline = prose.matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g)
  const references = prose.matchAll(/^ {0,3}\[[^\]]+\]:\s+<?([^\s>]+)>?/gm)
  return [...inline, ...references].flatMap(([, target]) => (target ? [target] : []))
}

/** Lists the anchors that a markdown text's headings have when rendered by the usual forges. */
export function headingAnchors(text: string): Set<string> {
  const anchors = new Set<string>()
  const seen = new Map<string, number>()
  for (const [, heading] of withoutFences(text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const slug = slugOf(heading ?? '')
    const times = seen.get(slug) ?? 0
    seen.set(slug, times + 1)
    anchors.add(times === 0 ? slug : `${slug}-${times}`)
  }
  return anchors
}

function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-')
}

function withoutFences(text: string): string {
  return text.replace(/^( *)(`{3,}|~{3,})[\s\S]*?^\1\2`*~*\s*$/gm, '')
}

function withoutCode(text: string): string {
  return withoutFences(text).replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '')
}
