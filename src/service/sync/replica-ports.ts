import type { Store } from '../../store/transaction/store.ts'
import type { GuardTurns } from './guard-turns.ts'

/** The parts that syncing works with. */
export interface SyncPorts {
  readonly store: Pick<Store, 'read' | 'write'>
  readonly turns: GuardTurns
  /** Milliseconds since the epoch. */
  now(): number
}
