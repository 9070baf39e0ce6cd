import { createHash } from 'node:crypto'

/** Bytes of SHA-256 that stand for one document: nobody finds two that share them but whoever could as well lie about one. */
const DIGEST_BYTES = 12

/** Characters of base64url of one digest. */
export const DIGEST_CHARACTERS = (DIGEST_BYTES * 4) / 3

/** A document's digest: equal for equal heads of one tally. Base64url. */
export function documentDigest(tallyId: string, heads: readonly string[]): string {
  const text = `${tallyId}\n${heads.toSorted().join()}`
  const digest = createHash('sha256').update(text).digest()
  return digest.subarray(0, DIGEST_BYTES).toString('base64url')
}
