import { parseDraft } from '../../protocol/draft/draft.ts'
import { historyLines } from '../../protocol/history/history-file.ts'
import { isChangeSigned } from '../../protocol/sync/change-signature.ts'
import type { Query } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { tallySignatureRecords } from '../../store/sync/tally-signature-records.ts'
import { partiesOf, type TallyParties } from '../../tally/change-author.ts'
import { originHeads } from '../../tally/document.ts'
import { writtenChanges } from '../../tally/document-changes.ts'
import {
  type DocumentEvent,
  documentHistory,
  type HistoryFilter,
} from '../../tally/document-history.ts'
import { readReceipt } from '../receipts/read-receipt.ts'
import { openedReplica, type TallyRecord } from './read-tally.ts'

/** A change of a tally, and whether its author has signed it. */
export interface TallyEvent extends DocumentEvent {
  /** The author's peer id. */
  readonly party: string | undefined
  /** `draft`: nobody made it, and both sides' receipt is about it. `bad`: the signature does not verify. */
  readonly signed: 'draft' | 'signed' | 'unsigned' | 'bad'
}

export interface TallyHistory {
  /** In causal order, the same on both sides. */
  readonly events: readonly TallyEvent[]
  /** How many there are, with those beyond the limit. */
  readonly total: number
}

/** Returns the parties of a tally. @throws DraftMalformedError */
export function partiesOfTally({ built }: Pick<TallyRecord, 'built'>): TallyParties {
  return partiesOf(parseDraft(built.draft.text))
}

/**
 * Reads who set what in a tally, and when.
 * @throws TallyDocumentDamagedError, DraftMalformedError, StoreError
 */
export async function tallyHistory(
  store: Pick<RecordStore, 'query'>,
  tally: TallyRecord,
  filter: HistoryFilter,
): Promise<TallyHistory> {
  const { tallyId } = tally
  const parties = partiesOfTally(tally)
  const { events, total, signatures } = await store.query(function* () {
    const told = documentHistory([yield* openedReplica(tally)], parties, filter)
    const changes = told.events.map(({ change }) => change)
    return { ...told, signatures: yield* signaturesOf(tallyId, changes) }
  })
  const signedOf = ({ isDraft, author, change }: DocumentEvent): TallyEvent['signed'] => {
    if (isDraft) return 'draft'
    const signature = signatures.get(change)
    if (signature === undefined) return 'unsigned'
    return isGood({ tallyId, party: author && parties[author], change }, signature)
      ? 'signed'
      : 'bad'
  }
  return {
    events: events.map((event) => ({
      ...event,
      party: event.author && parties[event.author],
      signed: signedOf(event),
    })),
    total,
  }
}

/** Finds the signatures under these changes, by the changes' hashes. */
function* signaturesOf(
  tallyId: string,
  changes: readonly string[],
): Query<ReadonlyMap<string, string>> {
  const found = yield* tallySignatureRecords.of(tallyId, changes)
  return new Map(found.map(({ change, signature }) => [change, signature]))
}

function isGood(
  { party, ...about }: { tallyId: string; party: string | undefined; change: string },
  signature: string,
): boolean {
  return party !== undefined && isChangeSigned({ ...about, party }, signature)
}

/**
 * Writes the history of a tally for others: one that anybody can check, with nothing else at hand.
 * @param localPeer this side's party id
 * @throws TallyDocumentDamagedError, DraftMalformedError, StoreError
 */
export async function exportedHistory(
  store: Pick<RecordStore, 'query'>,
  tally: TallyRecord,
  localPeer: string,
): Promise<readonly string[]> {
  const { tallyId, built } = tally
  const draft = built.draft.text
  const parties = partiesOfTally(tally)
  const receipt = readReceipt(tally, localPeer)
  const { changes, heads, signatures } = await store.query(function* () {
    const origin = originHeads(tallyId, draft)
    const written = writtenChanges(yield* openedReplica(tally), origin, parties)
    const hashes = written.changes.map(({ hash }) => hash)
    return { ...written, signatures: yield* signaturesOf(tallyId, hashes) }
  })
  const lines = changes.map(({ bytes, hash, author }) => ({
    bytes,
    hash,
    party: author ?? null,
    signature: signatures.get(hash) ?? null,
  }))
  const head = { tallyId, draft, parties, ...(receipt && { receipt }) }
  return [...historyLines(head, lines, heads)]
}
