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

/** A place for which different values were set at the same time, and that nobody has set since. */
export interface KeyConflict {
  readonly key: string
  /** Where in the key's value it is: names and places in lists, from the outside; none if it is that value itself. */
  readonly inside: readonly (string | number)[]
  /** In an order that is the same on both sides; the last is the one that the document shows. */
  readonly values: readonly ConcurrentValue[]
}

/**
 * Lists a document's conflicts, by key. Inside a value they come from other programs than this one, which sets whole values;
 * where whole values differ it is not looked inside.
 * @throws TallyDocumentDamagedError
 */
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
  const authors = new ValueAuthors(document, parties)
  return Object.keys(document)
    .toSorted()
    .flatMap((key) =>
      conflictsAt(document, [key]).map(({ path, found }) => {
        return { key, inside: path.slice(1), values: authors.of(found) }
      }),
    )
}

/** Values by the name of the operation that set each, `number@actor`. */
type FoundValues = readonly (readonly [string, unknown])[]

/** Names and places in lists, from the outside. */
type Path = readonly (string | number)[]

interface FoundConflict {
  readonly path: Path
  readonly found: FoundValues
}

/**
 * Looks at a place of a map or list, and at those inside its value. As deep as a document may be, and no deeper.
 * @param path of the place, from the document's root; its last part is of `within`
 */
function conflictsAt(within: object, path: Path): readonly FoundConflict[] {
  const part = path.at(-1) ?? ''
  const found = Object.entries(automergeLibrary().getConflicts(within, part) ?? {})
  const texts = new Set(found.map(([, value]) => canonicalJson(fromAutomergeValue(value))))
  // If both have set the same, they agree.
  if (texts.size > 1) return [{ path, found }]
  const value: unknown = Reflect.get(within, part)
  return partsOf(value).flatMap((inner) => conflictsAt(Object(value), [...path, inner]))
}

/** Lists the names or places in a map or a list; none in any other value. */
function partsOf(value: unknown): Path {
  if (Array.isArray(value)) return [...value.keys()]
  const isMap =
    typeof value === 'object' &&
    value !== null &&
    typeof automergeLibrary().getObjectId(value) === 'string'
  return isMap ? Object.keys(value).toSorted() : []
}

/** Finds who set a value, and in which change. */
class ValueAuthors {
  readonly #document: Doc<unknown>
  readonly #parties: TallyParties
  #changes: Partial<Record<string, readonly ChangeMetadata[]>> | undefined

  constructor(document: Doc<unknown>, parties: TallyParties) {
    this.#document = document
    this.#parties = parties
  }

  of(found: FoundValues): readonly ConcurrentValue[] {
    return found
      .map(([operation, value]) => ({ ...placeOf(operation), value: fromAutomergeValue(value) }))
      .toSorted((a, b) => a.number - b.number || (a.actor < b.actor ? -1 : 1))
      .map(({ number, actor, value }) => ({
        value,
        author: authorOf(actor, this.#parties),
        change: this.#changesOf(actor).find((each) => isIn(each, number))?.hash ?? '',
      }))
  }

  /** All changes are listed once: a partner may have made thousands of conflicts. */
  #changesOf(actor: string): readonly ChangeMetadata[] {
    this.#changes ??= Object.groupBy(
      automergeLibrary().getChangesMetaSince(this.#document, []),
      (change) => change.actor,
    )
    return this.#changes[actor] ?? []
  }
}

function placeOf(operation: string) {
  const [number = '', actor = ''] = operation.split('@')
  return { number: Number(number), actor }
}

function isIn({ startOp, maxOp }: ChangeMetadata, number: number) {
  return startOp <= number && number <= maxOp
}
