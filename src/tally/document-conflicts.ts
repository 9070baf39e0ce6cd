import type { ChangeMetadata, Doc } from '@automerge/automerge'
import type { Role } from '../protocol/base/role.ts'
import { canonicalJson } from '../protocol/json/canonical-json.ts'
import type { JsonValue } from '../protocol/json/json-value.ts'
import { automergeLibrary } from './automerge-library.ts'
import { authorOf, type TallyParties } from './change-author.ts'
import { fromAutomergeValue } from './document-value.ts'
import { type DocumentContent, withDocument } from './loaded-document.ts'

/** One of the values that were set for a key by parties who did not know of each other's. */
export interface ConcurrentValue {
  readonly value: JsonValue
  /** The party that set it; undefined if that was neither party. */
  readonly author: Role | undefined
  /** The hash of the change that set it. */
  readonly change: string
}

/** A key for which different values were set at the same time, and that nobody has set since. */
export interface KeyConflict {
  readonly key: string
  /** In an order that is the same on both sides; the last is the one that the document shows. */
  readonly values: readonly ConcurrentValue[]
}

/** Lists a document's conflicts by key. Those inside a value are not looked for. @throws TallyDocumentDamagedError */
export function documentConflicts(
  chunks: readonly Uint8Array[],
  parties: TallyParties,
): readonly KeyConflict[] {
  return withDocument(chunks, (document) => conflictsIn(document, parties))
}

/** As `documentConflicts`, of one that is loaded. */
export function conflictsIn(
  document: Doc<DocumentContent>,
  parties: TallyParties,
): readonly KeyConflict[] {
  const { getConflicts } = automergeLibrary()
  return Object.keys(document)
    .toSorted()
    .flatMap((key) => {
      const found = Object.entries(getConflicts(document, key) ?? {})
      if (found.length < 2) return []
      const authored = withAuthors(document, parties, found)
      const texts = new Set(authored.map(({ value }) => canonicalJson(value)))
      // Both have set the same: they agree.
      return texts.size < 2 ? [] : [{ key, values: authored }]
    })
}

/** @param found values by the name of the operation that set each, `number@actor` */
function withAuthors(
  document: Doc<unknown>,
  parties: TallyParties,
  found: readonly (readonly [string, unknown])[],
): readonly ConcurrentValue[] {
  const changes = automergeLibrary().getChangesMetaSince(document, [])
  return found
    .map(([operation, value]) => ({ ...placeOf(operation), value: fromAutomergeValue(value) }))
    .toSorted((a, b) => a.number - b.number || (a.actor < b.actor ? -1 : 1))
    .map(({ number, actor, value }) => ({
      value,
      author: authorOf(actor, parties),
      change: changes.find((change) => isIn(change, actor, number))?.hash ?? '',
    }))
}

function placeOf(operation: string) {
  const [number = '', actor = ''] = operation.split('@')
  return { number: Number(number), actor }
}

function isIn({ actor: own, startOp, maxOp }: ChangeMetadata, actor: string, number: number) {
  return own === actor && startOp <= number && number <= maxOp
}
