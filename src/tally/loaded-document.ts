import type { Doc } from '@automerge/automerge'
import { automergeLibrary } from './automerge-library.ts'
import { TallyDocumentDamagedError } from './errors.ts'

export type DocumentContent = Record<string, unknown>

/** Loads, uses, and frees the WebAssembly memory at once: the collector does not see how big it is. */
export function withDocument<Result>(
  chunks: readonly Uint8Array[],
  use: (document: Doc<DocumentContent>) => Result,
): Result {
  const { free } = automergeLibrary()
  const document = loadedDocument(chunks)
  try {
    return use(document)
  } finally {
    free(document)
  }
}

/**
 * Loads all parts at once with `load`, since Automerge's other ways in are lenient: `loadIncremental` passes over a
 * damaged part without a word, `applyChanges` takes an altered change for another one.
 */
export function loadedDocument(chunks: readonly Uint8Array[]): Doc<DocumentContent> {
  const { free, getMissingDeps, load } = automergeLibrary()
  const document = readableDocument(() => load<DocumentContent>(Buffer.concat(chunks)))
  if (getMissingDeps(document, []).length > 0) {
    free(document)
    throw new TallyDocumentDamagedError('a part of it is missing')
  }
  return document
}

function readableDocument(load: () => Doc<DocumentContent>): Doc<DocumentContent> {
  try {
    return load()
  } catch (cause) {
    throw new TallyDocumentDamagedError('a part of it can not be read', { cause })
  }
}
