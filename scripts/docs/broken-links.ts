import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { headingAnchors, linkTargets } from './markdown.ts'

/** A file or folder of the project that is named in code, from the project's root. */
const NAMED = /`((?:src|test|bench|scripts|docs|findings)\/[\w./-]*\w)\/?`/g

/**
 * Finds the relative links of one markdown page that lead nowhere, and the files it names that are not there, each as a
 * sentence.
 * @param root the project's directory
 * @param page the page, relative to it
 */
export function brokenLinks(root: string, page: string): string[] {
  const text = readFileSync(join(root, page), 'utf8')
  const links = linkTargets(text)
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
    .flatMap((target) => brokenLink(root, page, target) ?? [])
  const gone = [...text.matchAll(NAMED)].flatMap(([, path = '']) =>
    existsSync(join(root, path)) ? [] : [`${page}: ${path} does not exist`],
  )
  return [...links, ...gone]
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
