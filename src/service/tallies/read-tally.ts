import { canonicalJson } from '../../protocol/json/canonical-json.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import type { Query } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tallyChunkRecords } from '../../store/records/tally-chunk-records.ts'
import { isOurs } from '../../tally/automerge-database.ts'
import { readDocument } from '../../tally/document.ts'
import { openReplica, type ReplicaOf } from '../../tally/replica-parts.ts'

export type { TallyRecord }

/**
 * The document as this side holds it, from its own store, names in canonical order: replicas that are
 * equal read the same, byte by byte. Changes nothing.
 * @throws TallyDocumentDamagedError, StoreError
 */
export async function readTally(
  store: Pick<RecordStore, 'query'>,
  tally: TallyRecord,
): Promise<JsonValue> {
  const { tallyId, built } = tally
  const document = isOurs(built.database, tallyId)
    ? readDocument(await store.query(() => openedReplica(tally)))
    : { draft: JSON.parse(built.draft.text) }
  return JSON.parse(canonicalJson(document))
}

/** Returns the document's saved bytes. A tally that nobody has opened yet is derived from its draft, which needs no keeping. */
export function* openedReplica(tally: TallyRecord): Query<Uint8Array> {
  return openReplica(yield* tallyChunkRecords.all(tally.tallyId), replicaOf(tally))
}

/** Names a tally as its replica needs it. */
export function replicaOf({ tallyId, built }: TallyRecord): ReplicaOf {
  return { tallyId, draftText: built.draft.text }
}
