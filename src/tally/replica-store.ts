import { deriveDocument, type EditedDocument, growsFrom, openDocument, setKey } from './document.ts'
import { TallyDocumentDamagedError } from './errors.ts'
import type { TallyEdit } from './tally-edit.ts'

/** The durable parts of tallies' documents. Synchronous: called inside a transaction. */
export interface TallyChunkStore {
  /** Reads every part, in the order stored; none for a tally not opened yet. */
  load(tallyId: string): readonly Uint8Array[]
  append(tallyId: string, chunk: Uint8Array): void
  /** Puts one part in the place of all but the first: more than one part means that the document was changed. */
  replaceLater(tallyId: string, snapshot: Uint8Array): void
}

/**
 * Parts kept before an edit folds them into one.
 * @default 64, because opening costs some 10 µs a part and folding rewrites the whole document
 */
export const MAX_TALLY_CHUNKS = 64

/**
 * Opens this side's replica of a tally; derives it from the draft when it is opened for the first time.
 * Opening it in two processes at once does no harm: both derive the same.
 * @param draftText canonical JSON, as both sides agreed on it
 * @returns the document's saved bytes
 * @throws TallyDocumentDamagedError if what is stored can't be read or did not grow from this draft
 */
export function openReplica(
  store: TallyChunkStore,
  tallyId: string,
  draftText: string,
): Uint8Array {
  const chunks = store.load(tallyId)
  if (chunks.length === 0) {
    const derived = deriveDocument(tallyId, draftText)
    store.append(tallyId, derived)
    return derived
  }
  const bytes = openDocument(chunks)
  if (!growsFrom(bytes, tallyId, draftText)) {
    throw new TallyDocumentDamagedError('it did not grow from the draft of this tally')
  }
  return bytes
}

/**
 * Sets one key of this side's replica. Call it inside one write transaction: folding the parts into one must
 * not overtake a part that another process adds.
 * @throws as `openReplica` and `setKey` do; then nothing is stored
 */
export function editReplica(
  store: TallyChunkStore,
  tallyId: string,
  draftText: string,
  edit: TallyEdit,
): EditedDocument {
  const edited = setKey(openReplica(store, tallyId, draftText), edit)
  if (edited.hash === undefined) return edited
  store.append(tallyId, edited.change)
  if (store.load(tallyId).length > MAX_TALLY_CHUNKS) store.replaceLater(tallyId, edited.bytes)
  return edited
}

/**
 * Adds changes of the partner's to this side's replica. Call it inside one write transaction.
 * @param chunk found to fit this very document
 */
export function addToReplica(
  store: TallyChunkStore,
  tallyId: string,
  draftText: string,
  chunk: Uint8Array,
): void {
  if (store.load(tallyId).length === 0) store.append(tallyId, deriveDocument(tallyId, draftText))
  store.append(tallyId, chunk)
  const chunks = store.load(tallyId)
  if (chunks.length > MAX_TALLY_CHUNKS) store.replaceLater(tallyId, openDocument(chunks))
}
