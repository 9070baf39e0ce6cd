import type { Doc } from '@automerge/automerge'
import { automergeLibrary } from './automerge-library.ts'
import {
  MAX_DOCUMENT_BYTES,
  MAX_DOCUMENT_CHANGES,
  MAX_DOCUMENT_OPERATIONS,
  MAX_DOCUMENT_PLAIN_BYTES,
} from './document-limits.ts'

/** DEFLATE makes nothing smaller than by this, so that few bytes need not be written out to know that they are not too many. */
const MOST_DEFLATED = 1_032

/**
 * Tells whether a document is larger than a tally's may be.
 * @param bytes it, saved
 * @param share of the bounds that counts. @default all of them
 */
export function isTooLarge(doc: Doc<unknown>, bytes: Uint8Array, share = 1): boolean {
  const { getBackend, stats } = automergeLibrary()
  const { numChanges, numOps } = stats(doc)
  return (
    bytes.length > share * MAX_DOCUMENT_BYTES ||
    numChanges > share * MAX_DOCUMENT_CHANGES ||
    numOps > share * MAX_DOCUMENT_OPERATIONS ||
    (bytes.length * MOST_DEFLATED > share * MAX_DOCUMENT_PLAIN_BYTES &&
      getBackend(doc).saveNoCompress().length > share * MAX_DOCUMENT_PLAIN_BYTES)
  )
}
