import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { headingAnchors, linkTargets } from './markdown.ts'

/**
 * Finds the relative links of one markdown page that lead nowhere, each as a sentence.
 * @param root the project's directory
 * @param page the page, relative to it
 */
export function brokenLinks(root: string, page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8')
  return linkTargets(text)
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
    .flatMap((target) => brokenLink(root, page, target) ?? [])
}

function brokenLink(root: string, page: string, target: string): string | undefined {
  const [path = '', anchor] = decodeURI(target).split('#', 2)
  const file = path === '' ? join(root, page) : join(root, dirname(page), path)
  if (relative(root, file).startsWith('..')) return `${page}: ${target} leaves the project`
  if (!existsSync(file)) return `${page}: ${target} does not exist`
  if (!anchor || !file.endsWith('.md')) return undefined
  if (headingAnchors(readFileSync(file, 'utf8')).has(anchor)) return undefined
  return `${page}: ${target} names a heading that is not there`
}
