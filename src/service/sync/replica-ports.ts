import type { RecordStore } from '../../store/query/record-store.ts'
import type { ChangeSigner } from '../../tally/change-author.ts'
import type { Guard } from '../../tally/guard/guarded-document.ts'
import type { GuardTurns } from './guard-turns.ts'

/** The parts that syncing works with. */
export interface SyncPorts {
  readonly store: Pick<RecordStore, 'query' | 'transact'>
  readonly turns: GuardTurns
  /** Signs this side's changes of the time before changes were signed. */
  readonly signer: ChangeSigner
  /** Makes what guards the documents of one exchange. @default a thread */
  newGuard?(): Guard
  /** Milliseconds since the epoch. */
  now(): number
}
