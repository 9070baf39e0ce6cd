import type { RecordStore } from '../../store/query/record-store.ts'
import { sessionRecords } from '../../store/records/session-records.ts'
import { tallyRecords } from '../../store/records/tally-records.ts'
import { wordsOf } from '../words/tally-words.ts'
import { type Transition, transitionsOf } from './session-history.ts'

/** The store's knowledge of a session beyond what the event feed tells. */
export interface StoredDetails {
  /** The peer's disclosure, which is kept with the tally, once there is one. */
  readonly identity: Readonly<Record<string, string>> | undefined
  /** The words to compare, once there are any. */
  readonly words: readonly string[] | undefined
  readonly transitions: readonly Transition[]
}

/** @param localPeer this side's party id @throws StoreError */
export function sessionDetails(
  store: Pick<RecordStore, 'query'>,
  id: string,
  localPeer: string,
): Promise<StoredDetails> {
  return store.query(function* () {
    const tallyId = (yield* sessionRecords.find(id))?.tallyId
    const tally = tallyId === undefined ? undefined : yield* tallyRecords.find(tallyId)
    return {
      identity: tally?.partner.identity,
      words: tally && wordsOf(tally, localPeer),
      transitions: yield* transitionsOf(id),
    }
  })
}
