import type { Role } from '../protocol/base/role.ts'
import { automergeLibrary } from './automerge-library.ts'
import { authorOf, type TallyParties } from './change-author.ts'
import { inCausalOrder } from './change-order.ts'
import { withDocument } from './loaded-document.ts'

/** A change as it is written, and the party in whose name it is. */
export interface WrittenChange {
  readonly bytes: Uint8Array
  readonly hash: string
  readonly author: Role | undefined
}

/** The changes of a document behind its draft. */
export interface WrittenChanges {
  /** In causal order, the same on both sides. */
  readonly changes: readonly WrittenChange[]
  readonly heads: readonly string[]
}

/**
 * Writes out the changes of a document.
 * @param origin the document that its history begins with
 * @throws TallyDocumentDamagedError
 */
export function writtenChanges(
  bytes: Uint8Array,
  origin: readonly string[],
  parties: TallyParties,
): WrittenChanges {
  const { decodeChange, getChangesMetaSince, getChangesSince, getHeads } = automergeLibrary()
  return withDocument([bytes], (document) => {
    const written = new Map(
      getChangesSince(document, [...origin]).map((each) => [decodeChange(each).hash, each]),
    )
    const ordered = inCausalOrder(getChangesMetaSince(document, [...origin]))
    const changes = ordered.flatMap(({ hash, actor }) => {
      const change = written.get(hash)
      return change === undefined ? [] : [{ bytes: change, hash, author: authorOf(actor, parties) }]
    })
    return { changes, heads: getHeads(document).toSorted() }
  })
}
