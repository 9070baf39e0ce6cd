import type { Doc, Heads } from '@automerge/automerge'
import type { Role } from '../protocol/base/role.ts'
import type { JsonValue } from '../protocol/json/json-value.ts'
import { automergeLibrary } from './automerge-library.ts'
import { authorOf, type TallyParties } from './change-author.ts'
import { inCausalOrder } from './change-order.ts'
import { conflictsIn } from './document-conflicts.ts'
import { fromAutomergeValue } from './document-value.ts'
import { withDocument } from './loaded-document.ts'

/** A key that a change has set. */
export interface KeyChange {
  readonly key: string
  /** Left out: there was none, or the change has removed it. */
  readonly before?: JsonValue
  readonly after?: JsonValue
}

/** A change of a tally's document. */
export interface DocumentEvent {
  readonly change: string
  /** The party in whose name it is; undefined for the draft, and for what is in nobody's. */
  readonly author: Role | undefined
  readonly isDraft: boolean
  /** When, milliseconds since the epoch, by its author's word. */
  readonly at: number
  readonly keys: readonly KeyChange[]
  /** Keys for which others have set another value at the same time, and that nobody has set since. */
  readonly unsettled: readonly string[]
}

/** The events that are wanted. */
export interface HistoryFilter {
  /** Only what set this key. */
  readonly key?: string | undefined
  /** Only what was made since then by its author's word, milliseconds since the epoch. */
  readonly since?: number | undefined
  /** The newest of those, at most so many. */
  readonly limit: number
}

export interface DocumentHistory {
  /** In causal order, the same on both sides. */
  readonly events: readonly DocumentEvent[]
  /** How many there are, with those beyond the limit. */
  readonly total: number
}

const OBJECTS: ReadonlySet<string> = new Set(['map', 'list', 'table', 'text'])

/** Reads the history of a document. @throws TallyDocumentDamagedError */
export function documentHistory(
  chunks: readonly Uint8Array[],
  parties: TallyParties,
  { key, since, limit }: HistoryFilter,
): DocumentHistory {
  return withDocument(chunks, (document) => {
    const all = inCausalOrder(automergeLibrary().getChangesMetaSince(document, []))
    const found = all.filter(({ hash, time, deps }) => {
      const isSince = since === undefined || time * 1_000 >= since
      return isSince && (key === undefined || keysOf(document, hash, deps).includes(key))
    })
    const conflicts = conflictsIn(document, parties)
    const events = found.slice(-limit).map(({ hash, actor, time, deps }) => {
      const isOpen = (value: { change: string }) => value.change === hash
      const open = conflicts.filter(({ values }) => values.some(isOpen))
      return {
        change: hash,
        author: authorOf(actor, parties),
        isDraft: deps.length === 0 && hash === all[0]?.hash,
        at: time * 1_000,
        keys: keysOf(document, hash, deps).map((name) => keyChange(document, name, hash, deps)),
        unsettled: [...new Set(open.map((conflict) => conflict.key))],
      }
    })
    return { events, total: found.length }
  })
}

/** Lists the keys below which a change has written. */
function keysOf(document: Doc<unknown>, hash: string, deps: Heads): readonly string[] {
  const { diff, inspectChange } = automergeLibrary()
  const operations = inspectChange(document, hash)?.ops ?? []
  const direct = operations.filter(({ obj }) => obj === '_root').map(({ key }) => key)
  const isInside = direct.length < operations.length
  const inside = isInside ? diff(document, deps, [hash]).map(({ path: [top] }) => String(top)) : []
  return [...new Set([...direct, ...inside])]
}

function keyChange(document: Doc<unknown>, key: string, hash: string, deps: Heads): KeyChange {
  const [before, after] = [deps, [hash]].map((heads) => valueAt(document, key, heads))
  return {
    key,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  }
}

/** Reads one key as it was, without the rest of the document. */
function valueAt(document: Doc<unknown>, key: string, heads: Heads): JsonValue | undefined {
  const backend = automergeLibrary().getBackend(document)
  if (heads.length === 0) return undefined
  const found = backend.getWithType('_root', key, heads)
  if (found === null) return undefined
  const [type, value] = found
  return fromAutomergeValue(OBJECTS.has(type) ? backend.materialize(String(value), heads) : value)
}
