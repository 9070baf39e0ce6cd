import type { IncomingMessage } from 'node:http'

/** Sites that a browser names for what the page itself asks for, and for an address that was typed or opened. */
const OWN_SITES: readonly unknown[] = [undefined, 'same-origin', 'none']

/**
 * Whether a request may come from our page: by the address alone, not by a name that somebody has made lead here, nor from a page
 * of another origin.
 * @param host as the browser must name us, `127.0.0.1:PORT`
 */
export function isOwnRequest({ method, headers }: IncomingMessage, host: string): boolean {
  if (headers.host !== host || !OWN_SITES.includes(headers['sec-fetch-site'])) return false
  const { origin } = headers
  // A browser says with every POST from where it is.
  return origin === undefined ? method === 'GET' : origin === `http://${host}`
}
