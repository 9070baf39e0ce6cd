import { createHash } from 'node:crypto'

// RFC 6962, section 2.1, as its text has it: recursive, slow, and of nothing that src has.

/** MTH(D[n]): the root over data entries. */
export function mth(entries: readonly Uint8Array[]): Buffer {
  const [first] = entries
  if (first === undefined) return createHash('sha256').digest()
  if (entries.length === 1) return createHash('sha256').update('\0').update(first).digest()
  const k = largestPowerBelow(entries.length)
  return createHash('sha256')
    .update(Buffer.of(1))
    .update(mth(entries.slice(0, k)))
    .update(mth(entries.slice(k)))
    .digest()
}

/** PROOF(m, D[n]): that the first m entries were all there was, once. */
export function proof(m: number, entries: readonly Uint8Array[]): readonly Buffer[] {
  return subproof(m, entries, true)
}

function subproof(m: number, entries: readonly Uint8Array[], b: boolean): readonly Buffer[] {
  if (m === entries.length) return b ? [] : [mth(entries)]
  const k = largestPowerBelow(entries.length)
  return m <= k
    ? [...subproof(m, entries.slice(0, k), b), mth(entries.slice(k))]
    : [...subproof(m - k, entries.slice(k), false), mth(entries.slice(0, k))]
}

function largestPowerBelow(n: number): number {
  let k = 1
  while (k << 1 < n) k <<= 1
  return k
}
