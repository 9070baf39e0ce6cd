import { deriveDocument, type EditedDocument, growsFrom, openDocument, setKey } from './document.ts'
import { TallyDocumentDamagedError } from './errors.ts'
import type { TallyEdit } from './tally-edit.ts'

/** Parts of a document that are to be stored. */
export interface NewParts {
  /** To be added in this order. */
  readonly added: readonly Uint8Array[]
  /** They stand in the place of all but the first: more than one part means that the document was changed. */
  readonly isFolded: boolean
}

/** The tally that a replica is of. */
export interface ReplicaOf {
  readonly tallyId: string
  /** Canonical JSON, as both sides agreed on it. */
  readonly draftText: string
}

/**
 * Parts kept before an edit folds them into one.
 * @default 64, because opening costs some 10 µs a part and folding rewrites the whole document
 */
export const MAX_TALLY_CHUNKS = 64

/**
 * Opens this side's replica of a tally; derives it from the draft if nothing of it is stored yet. Opening it in two
 * processes at once does no harm: both derive the same.
 * @param chunks every stored part, in the order stored
 * @returns the document's saved bytes
 * @throws TallyDocumentDamagedError if what is stored can't be read or did not grow from this draft
 */
export function openReplica(
  chunks: readonly Uint8Array[],
  { tallyId, draftText }: ReplicaOf,
): Uint8Array {
  if (chunks.length === 0) return deriveDocument(tallyId, draftText)
  const bytes = openDocument(chunks)
  if (!growsFrom(bytes, tallyId, draftText)) {
    throw new TallyDocumentDamagedError('it did not grow from the draft of this tally')
  }
  return bytes
}

/**
 * Sets one key of this side's replica. The parts are read and stored in one write transaction: folding them into one must
 * not overtake a part that another process adds.
 * @throws as `openReplica` and `setKey` do
 */
export function editReplica(
  chunks: readonly Uint8Array[],
  tally: ReplicaOf,
  edit: TallyEdit,
): EditedDocument & { readonly parts: NewParts } {
  const edited = setKey(openReplica(chunks, tally), edit)
  const changed = edited.hash === undefined ? [] : [edited.change]
  return { ...edited, parts: grown(chunks, tally, changed) }
}

/**
 * Adds changes of the partner's to this side's replica. The parts are read and stored in one write transaction.
 * @param chunk found to fit this very document
 */
export function addToReplica(
  chunks: readonly Uint8Array[],
  tally: ReplicaOf,
  chunk: Uint8Array,
): NewParts {
  return grown(chunks, tally, [chunk])
}

function grown(
  chunks: readonly Uint8Array[],
  { tallyId, draftText }: ReplicaOf,
  changed: readonly Uint8Array[],
): NewParts {
  const first = chunks.length === 0 ? [deriveDocument(tallyId, draftText)] : []
  const added = [...first, ...changed]
  const whole = [...chunks, ...added]
  if (changed.length === 0 || whole.length <= MAX_TALLY_CHUNKS) return { added, isFolded: false }
  return { added: [openDocument(whole)], isFolded: true }
}
