import { timingSafeEqual } from 'node:crypto'

/** Compares hashes of secrets, in a time that tells nothing of where they differ. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
