import type { Store } from '../../store/transaction/store.ts'
import { wordsOf } from '../words/tally-words.ts'
import { sessionHistory, type Transition } from './session-history.ts'

/** The store's knowledge of a session beyond what the event feed tells. */
export interface StoredDetails {
  /** The peer's disclosure, which is kept with the tally, once there is one. */
  readonly identity: Readonly<Record<string, string>> | undefined
  /** The words to compare, once there are any. */
  readonly words: readonly string[] | undefined
  readonly transitions: readonly Transition[]
}

/** @param localPeer this side's party id @throws StoreError, AuditRecordInvalidError */
export function sessionDetails(store: Store, id: string, localPeer: string): StoredDetails {
  const { transitions } = sessionHistory(store, id)
  const tally = store.read(({ sessions, tallies }) => {
    const tallyId = sessions.find(id)?.tallyId
    return tallyId === undefined ? undefined : tallies.find(tallyId)
  })
  return {
    identity: tally?.partner.identity,
    words: tally && wordsOf(tally, localPeer),
    transitions,
  }
}
