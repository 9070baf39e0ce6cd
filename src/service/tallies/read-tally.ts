import { canonicalJson } from '../../protocol/json/canonical-json.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import type { Tallies } from '../../store/ledger/tallies.ts'
import type { Store } from '../../store/transaction/store.ts'
import { isOurs } from '../../tally/automerge-database.ts'
import { readDocument } from '../../tally/document.ts'
import { openReplica } from '../../tally/replica-store.ts'

export type { TallyRecord }

/**
 * The document as this side holds it, from its own store, names in canonical order: replicas that are
 * equal read the same, byte by byte. Changes nothing.
 * @throws TallyDocumentDamagedError, StoreError
 */
export function readTally(store: Store, tally: TallyRecord): JsonValue {
  const { tallyId, built } = tally
  const document = isOurs(built.database, tallyId)
    ? store.read(({ tallies }) => readDocument(openedReplica(tallies, tally)))
    : { draft: JSON.parse(built.draft.text) }
  return JSON.parse(canonicalJson(document))
}

/** Returns the document's saved bytes. A tally that nobody has opened yet is derived from its draft, which needs no keeping. */
export function openedReplica(tallies: Tallies, { tallyId, built }: TallyRecord): Uint8Array {
  const keepNothing = (): void => {}
  const chunks = {
    load: () => tallies.chunks(tallyId),
    append: keepNothing,
    replaceLater: keepNothing,
  }
  return openReplica(chunks, tallyId, built.draft.text)
}
