import { randomBytes } from 'node:crypto'
import type { Ids } from './ports/ids.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

function randomText(characters: number): string {
  let text = ''
  // 256 is a multiple of 32, so every character is equally likely.
  for (const byte of randomBytes(characters)) text += ALPHABET[byte & 31]
  return text
}

/** Ids from the operating system's generator. */
export const RANDOM_IDS: Ids = {
  session: () => randomText(16),
  redemption: () => randomText(26),
}
