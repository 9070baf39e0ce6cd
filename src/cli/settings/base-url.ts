import { isLoopback } from './endpoint.ts'

/** Characters of the address of a page: with the longest link behind it, it still fits into a QR code. */
export const MAX_BASE_URL = 256

/**
 * Reads the address of a page that links can stand behind: https, or of this computer itself to try it out, without anything that
 * would stand in a link's way.
 * @returns undefined for what is none
 */
export function parseBaseUrl(text: string): string | undefined {
  const url = URL.parse(text.trim())
  if (url === null || /[#?]/.test(text) || url.username !== '' || url.password !== '')
    return undefined
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  return isSafe && url.href.length <= MAX_BASE_URL ? url.href : undefined
}
