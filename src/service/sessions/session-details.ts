import type { Store } from '../../store/transaction/store.ts'
import { sessionHistory, type Transition } from './session-history.ts'

/** The store's knowledge of a session beyond what the event feed tells. */
export interface StoredDetails {
  /** The peer's disclosure, which is kept with the tally, once there is one. */
  readonly identity: Readonly<Record<string, string>> | undefined
  readonly transitions: readonly Transition[]
}

/** @throws StoreError, AuditRecordInvalidError */
export function sessionDetails(store: Store, id: string): StoredDetails {
  const { transitions } = sessionHistory(store, id)
  const identity = store.read(({ sessions, tallies }) => {
    const tallyId = sessions.find(id)?.tallyId
    return tallyId === undefined ? undefined : tallies.find(tallyId)?.partner.identity
  })
  return { identity, transitions }
}
