import type { Store } from '../../store/transaction/store.ts'
import type { ChangeSigner } from '../../tally/change-author.ts'
import type { GuardTurns } from './guard-turns.ts'

/** The parts that syncing works with. */
export interface SyncPorts {
  readonly store: Pick<Store, 'read' | 'write'>
  readonly turns: GuardTurns
  /** Signs this side's changes of the time before changes were signed. */
  readonly signer: ChangeSigner
  /** Milliseconds since the epoch. */
  now(): number
}
