import pg from 'pg'
import {
  RowInvalidError,
  StoreDamagedError,
  StoreError,
  StoreFullError,
  StoreUnreachableError,
} from '../../errors.ts'
import { DatabaseUnreachableError } from './errors.ts'
import { isKnown, serverFailure } from './server-failure.ts'
import type { StorePlace } from './store-place.ts'

/** SQLSTATEs after which the same transaction may be run again: serialization_failure, deadlock_detected. */
const AGAIN: ReadonlySet<string> = new Set(['40001', '40P01'])

/** disk_full */
const FULL = '53100'

/** Of tables that are not ours: undefined_table, undefined_column, undefined_function; and data_corrupted, index_corrupted. */
const DAMAGED: ReadonlySet<string> = new Set(['42P01', '42703', '42883', 'XX001', 'XX002'])

/** True if the server has undone a transaction because of others that were at the same. */
export function isUndoneForOthers(error: unknown): boolean {
  return error instanceof pg.DatabaseError && AGAIN.has(error.code ?? '')
}

/** True if the connection broke, so that the server may have done what it was told or not. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return /^(?:08|57P)/.test(error.code ?? '')
  return error instanceof Error && (error.name === 'Error' || error.name === 'AggregateError')
}

/** Translates what pg throws into an error of the store's; returns any other as it is. */
export function storeFailure(error: unknown, { server, name }: StorePlace): unknown {
  if (error instanceof RowInvalidError)
    return new StoreDamagedError(name, 'is damaged', { cause: error })
  if (error instanceof pg.DatabaseError || isConnectionLost(error) || isKnown(error)) {
    const cause = serverFailure(error, server)
    const code = error instanceof pg.DatabaseError ? (error.code ?? '') : ''
    if (DAMAGED.has(code)) return new StoreDamagedError(name, `is damaged (${code})`, { cause })
    if (code === FULL) return new StoreFullError(name, { cause })
    const problem = `can't be used: ${cause.message}`
    if (cause instanceof DatabaseUnreachableError)
      return new StoreUnreachableError(name, problem, { cause })
    return new StoreError(name, problem, { cause })
  }
  return error
}
