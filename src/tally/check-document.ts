import { growsFrom, holdsDraft, openDocument } from './document.ts'
import { TallyDocumentDamagedError } from './errors.ts'

/** `unreadable`: a part of it is damaged or missing. `other_draft`: it began with another draft, or holds another now. */
export type DocumentFault = 'unreadable' | 'other_draft'

/**
 * Compares a stored document with the draft of its tally.
 * @param chunks all its parts; one that nobody has opened has none, and can't differ
 */
export function documentFault(
  chunks: readonly Uint8Array[],
  tallyId: string,
  draftText: string,
): DocumentFault | undefined {
  if (chunks.length === 0) return undefined
  try {
    const bytes = openDocument(chunks)
    const isOurs = growsFrom(bytes, tallyId, draftText) && holdsDraft(bytes, draftText)
    return isOurs ? undefined : 'other_draft'
  } catch (error) {
    if (error instanceof TallyDocumentDamagedError) return 'unreadable'
    throw error
  }
}
