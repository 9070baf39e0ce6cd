import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'

/** A place where text is hard to read. */
export interface FaintText {
  readonly text: string
  readonly contrast: number
}

const FAINT_TEXT = readFileSync(new URL('in-page/faint-text.js', import.meta.url), 'utf8')

/** Finds text that stands out from the ground behind it less than 4.5 to 1. */
export async function faintTextOn(page: Page): Promise<readonly FaintText[]> {
  return await page.evaluate<readonly FaintText[]>(FAINT_TEXT)
}

/** Whether a page has to be scrolled sideways. */
export async function isTooWide(page: Page): Promise<boolean> {
  return await page.evaluate<boolean>(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  )
}

/** Notes what a page asks for, and what it complains of. */
export function watchPage(page: Page): {
  readonly requests: readonly string[]
  readonly complaints: readonly string[]
} {
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { requests, complaints }
}
