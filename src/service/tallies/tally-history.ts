import { parseDraft } from '../../protocol/draft/draft.ts'
import { historyLines } from '../../protocol/history/history-file.ts'
import { isChangeSigned } from '../../protocol/sync/change-signature.ts'
import type { Store } from '../../store/transaction/store.ts'
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
export function tallyHistory(
  store: Pick<Store, 'read'>,
  tally: TallyRecord,
  filter: HistoryFilter,
): TallyHistory {
  const parties = partiesOfTally(tally)
  return store.read(({ tallies, tallySignatures }) => {
    const bytes = openedReplica(tallies, tally)
    const { events, total } = documentHistory([bytes], parties, filter)
    const signedOf = ({ isDraft, author, change }: DocumentEvent): TallyEvent['signed'] => {
      if (isDraft) return 'draft'
      const found = tallySignatures.find(tally.tallyId, change)
      if (found === undefined) return 'unsigned'
      const statement = { tallyId: tally.tallyId, party: author && parties[author], change }
      return isGood(statement, found.signature) ? 'signed' : 'bad'
    }
    return {
      events: events.map((event) => ({
        ...event,
        party: event.author && parties[event.author],
        signed: signedOf(event),
      })),
      total,
    }
  })
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
export function exportedHistory(
  store: Pick<Store, 'read'>,
  tally: TallyRecord,
  localPeer: string,
): readonly string[] {
  const { tallyId, built } = tally
  const draft = built.draft.text
  const parties = partiesOfTally(tally)
  const receipt = readReceipt(tally, localPeer)
  return store.read(({ tallies, tallySignatures }) => {
    const origin = originHeads(tallyId, draft)
    const { changes, heads } = writtenChanges(openedReplica(tallies, tally), origin, parties)
    const lines = changes.map(({ bytes, hash, author }) => ({
      bytes,
      hash,
      party: author ?? null,
      signature: tallySignatures.find(tallyId, hash)?.signature ?? null,
    }))
    const head = { tallyId, draft, parties, ...(receipt && { receipt }) }
    return [...historyLines(head, lines, heads)]
  })
}
