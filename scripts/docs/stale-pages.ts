import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GeneratedPage } from './generated-pages.ts'
import { withSection } from './marked-section.ts'

/**
 * Generates each page and compares it with the one on disk. A generator that is not there yet is skipped.
 * @param root the project's directory
 * @param write put the new text in place
 * @returns the pages that were out of date
 * @throws TypeError if a generator does not export `generate`; RangeError if a section has no marks
 */
export async function stalePages(
  root: string,
  pages: readonly GeneratedPage[],
  write: boolean,
): Promise<string[]> {
  const stale = new Set<string>()
  for (const { page, section, generator } of pages) {
    const source = new URL(generator, import.meta.url)
    if (!existsSync(source)) continue
    const module: unknown = await import(source.href)
    const generated = await generateWith(module, generator)
    const file = join(root, page)
    const there = existsSync(file) ? readFileSync(file, 'utf8') : undefined
    const text = section === undefined ? generated : withSection(there ?? '', section, generated)
    if (there === text) continue
    stale.add(page)
    if (write) writeFileSync(file, text)
  }
  return [...stale]
}

async function generateWith(module: unknown, name: string): Promise<string> {
  if (typeof module === 'object' && module && 'generate' in module) {
    const { generate } = module
    const text: unknown = typeof generate === 'function' ? await generate() : undefined
    if (typeof text === 'string') return text
  }
  throw new TypeError(`${name} must export a function generate() that gives a string`)
}
