import type { Doc } from '@automerge/automerge'
import type { JsonValue } from '../protocol/json/json-value.ts'
import { automergeLibrary } from './automerge-library.ts'
import { editActor, originActor } from './document-actor.ts'
import { isTooLarge } from './document-size.ts'
import { checkedKey, fromAutomergeValue, toAutomergeValue } from './document-value.ts'
import {
  DraftOverwrittenError,
  TallyChangesInvalidError,
  TallyDocumentDamagedError,
  TallyValueError,
} from './errors.ts'
import { type DocumentContent, withDocument } from './loaded-document.ts'
import type { TallyEdit } from './tally-edit.ts'

/** The key of the draft. Written once, by derivation, and never again. */
const DRAFT_KEY = 'draft'

/** An edit leaves room for what the partner may have written meanwhile: of a document that is too large, none is taken. */
const OWN_SHARE = 0.75

/** A document after an edit, and the one change to send to a replica that has the document before it. */
export interface EditedDocument {
  readonly bytes: Uint8Array
  readonly change: Uint8Array
  /** The change's; undefined if the key had that value, and nothing was changed. */
  readonly hash: string | undefined
}

/**
 * Derives the document that a tally begins with, as saved bytes: same tally id and draft, same bytes on every
 * machine and for ever, so that two replicas that never met share their history.
 */
export function deriveDocument(tallyId: string, draftText: string): Uint8Array {
  return withDerived(tallyId, draftText, (derived) => automergeLibrary().save(derived))
}

/** Returns the heads of the document that a tally begins with. */
export function originHeads(tallyId: string, draftText: string): readonly string[] {
  return withDerived(tallyId, draftText, (derived) => automergeLibrary().getHeads(derived))
}

function withDerived<Result>(
  tallyId: string,
  draftText: string,
  use: (derived: Doc<DocumentContent>) => Result,
): Result {
  const { change, free, ImmutableString, init } = automergeLibrary()
  const empty = init<DocumentContent>({ actor: originActor(tallyId) })
  const derived = change(empty, { time: 0 }, (draft) => {
    draft[DRAFT_KEY] = new ImmutableString(draftText)
  })
  try {
    return use(derived)
  } finally {
    free(derived)
  }
}

/**
 * Makes one document of its stored chunks: saved documents and changes, in any order, even twice.
 * @throws TallyDocumentDamagedError if a chunk is not whole, or builds on a change that is not there
 */
export function openDocument(chunks: readonly Uint8Array[]): Uint8Array {
  return withDocument(chunks, (document) => automergeLibrary().save(document))
}

/**
 * Reads the document as plain JSON, the draft parsed.
 * @throws TallyDocumentDamagedError
 */
export function readDocument(bytes: Uint8Array): { readonly [key: string]: JsonValue } {
  return withDocument([bytes], (document) => {
    const entries = Object.entries(document).map(([key, value]) => [key, fromAutomergeValue(value)])
    const content: Record<string, JsonValue> = Object.fromEntries(entries)
    return { ...content, [DRAFT_KEY]: parsedDraft(content[DRAFT_KEY]) }
  })
}

/** Returns the hashes of the changes that nothing builds on yet, in order: equal on replicas that are equal. */
export function documentHeads(bytes: Uint8Array): readonly string[] {
  return withDocument([bytes], (document) => automergeLibrary().getHeads(document).toSorted())
}

/** A change of a document, without what it changed. */
export interface DocumentChange {
  readonly hash: string
  readonly actor: string
}

/** Lists all changes, each behind those that it builds on. @throws TallyDocumentDamagedError */
export function documentChanges(bytes: Uint8Array): readonly DocumentChange[] {
  const { getChangesMetaSince } = automergeLibrary()
  return withDocument([bytes], (document) =>
    getChangesMetaSince(document, []).map(({ hash, actor }) => ({ hash, actor })),
  )
}

/** Returns true if the document's history begins with this tally's draft. */
export function growsFrom(bytes: Uint8Array, tallyId: string, draftText: string): boolean {
  const origin = originHeads(tallyId, draftText)
  return withDocument([bytes], (document) => automergeLibrary().hasHeads(document, [...origin]))
}

/** Returns true if the draft in it is this one: later changes may have put another in its place. */
export function holdsDraft(bytes: Uint8Array, draftText: string): boolean {
  return draftOf(bytes) === draftText
}

/**
 * Sets one key. The same edit of the same document gives the same change, so that an edit repeated after a
 * crash is not a second one.
 * @throws DraftOverwrittenError for the key `draft`, TallyValueError for a value that a document can't hold,
 *   TallyDocumentDamagedError
 */
export function setKey(bytes: Uint8Array, edit: TallyEdit): EditedDocument {
  if (edit.key === DRAFT_KEY) throw new DraftOverwrittenError()
  const key = checkedKey(edit.key)
  const value = toAutomergeValue(edit.value)
  const { change, clone, free, getChangesMetaSince, getHeads, save, saveSince } = automergeLibrary()
  return withDocument([bytes], (document) => {
    const before = getHeads(document)
    const writable = clone(document, { actor: editActor(edit, before) })
    const edited = change(writable, { time: Math.floor(edit.at / 1000) }, (draft) => {
      draft[key] = value
    })
    const [made] = getChangesMetaSince(edited, before)
    const result = {
      bytes: save(edited),
      change: saveSince(edited, before),
      hash: made?.hash,
    }
    const isFull = isTooLarge(edited, result.bytes, OWN_SHARE)
    free(edited)
    if (isFull) throw new TallyValueError('the document has no room left for it')
    return result
  })
}

/**
 * Merges two documents. Neither order nor repetition matters.
 * @param incoming a saved document, or changes of it, from the other party
 * @throws TallyChangesInvalidError if those can't be read, or build on changes that neither has,
 *   DraftOverwrittenError if they would put another draft in the place of ours,
 *   TallyDocumentDamagedError if ours can't be read
 */
export function mergeDocuments(ours: Uint8Array, incoming: Uint8Array): Uint8Array {
  const draft = draftOf(ours)
  const merged = mergedDocument(ours, incoming)
  if (draftOf(merged) !== draft) throw new DraftOverwrittenError()
  return merged
}

/** @param ours already found whole: what fails now is the other one's doing */
function mergedDocument(ours: Uint8Array, incoming: Uint8Array): Uint8Array {
  try {
    return openDocument([ours, incoming])
  } catch (cause) {
    throw new TallyChangesInvalidError('they are damaged or not all there', { cause })
  }
}

function draftOf(bytes: Uint8Array): JsonValue {
  return withDocument([bytes], heldDraft)
}

/** Reads the draft in a document. */
export function heldDraft(document: DocumentContent): JsonValue {
  return fromAutomergeValue(document[DRAFT_KEY])
}

function parsedDraft(text: JsonValue | undefined): JsonValue {
  if (typeof text !== 'string') throw new TallyDocumentDamagedError('it holds no draft')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TallyDocumentDamagedError('its draft is not JSON', { cause })
  }
}
