import type { SourceFile } from './source-file.ts'

const EXPORT =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|function\*?|class|interface|type|let) (?<name>\w+)/gm

/** A document comment's first word, and the line it stands in. */
const OPENING = /\/\*\*\s*(?:\*\s*)?(?<word>What|Who|Whose|Whoever)\b.*/g

/**
 * Names that more than one file exports, a line each. A newcomer who searches for a name finds one thing.
 * Commands are left out, since oclif wants a default class of each, and so is what a file only passes on.
 */
export function repeatedNames(files: readonly SourceFile[]): string[] {
  const homes = new Map<string, Set<string>>()
  for (const { path, text } of files) {
    if (path.startsWith('commands/')) continue
    for (const { groups } of text.matchAll(EXPORT)) {
      const name = groups?.['name'] ?? ''
      homes.set(name, (homes.get(name) ?? new Set()).add(path))
    }
  }
  return [...homes]
    .filter(([, { size }]) => size > 1)
    .map(
      ([name, paths]) => `${name} is exported by ${[...paths].join(' and ')}: one name, one thing`,
    )
}

/** Doc comments that do not begin with what they are about, a line each. */
export function indirectComments(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(OPENING)].map(({ 0: comment, index }) => {
      const line = text.slice(0, index).split('\n').length
      return `src/${path}:${line}: begin with the subject: ${comment.replace(/\s+/g, ' ').trim()}`
    }),
  )
}
