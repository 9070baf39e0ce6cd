import type { ReaderOptions } from 'zxing-wasm/reader'

/** A picture of a wall of codes is not what somebody hands over. */
const MAX_CODES = 16

/** The way QR codes are read, wherever that is done. */
export const CODE_OPTIONS: ReaderOptions = {
  formats: ['QRCode'],
  maxNumberOfSymbols: MAX_CODES,
  returnErrors: false,
  textMode: 'Plain',
}

/** A link, or one behind the address of a page. */
const LINK = /(?:^\s*|#)taleus:/i

/** The different texts among those of codes that are meant as links. */
export function linksAmong(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].filter((text) => LINK.test(text)).map((text) => text.trim())
}
