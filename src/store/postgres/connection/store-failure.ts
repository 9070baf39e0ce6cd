import pg from 'pg'
import {
  RowInvalidError,
  StoreCarriedError,
  StoreDamagedError,
  StoreError,
  StoreFullError,
  StoreSetupError,
  StoreUnreachableError,
} from '../../errors.ts'
import { DatabaseSetupError } from './errors.ts'
import { isKnown, serverFailure } from './server-failure.ts'
import type { StorePlace } from './store-place.ts'

/** SQLSTATEs after which the same transaction may be run again: serialization_failure, deadlock_detected. */
const AGAIN: ReadonlySet<string> = new Set(['40001', '40P01'])

/** disk_full */
const FULL = '53100'

/** Of tables that are not ours: undefined_table, undefined_column, undefined_function; and data_corrupted, index_corrupted. */
const DAMAGED: ReadonlySet<string> = new Set(['42P01', '42703', '42883', 'XX001', 'XX002'])

/** The name of the constraint that no row fulfils: a store that was carried over has it. check_violation is 23514. */
export const CARRIED_CONSTRAINT = 'carried_over'

/** Classes of SQLSTATEs that a person has to put right: authorization, catalog name, schema name, access rule. */
const SETUP = /^(?:28|3D|3F|42)/

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
    if (isOfCarried(error)) return new StoreCarriedError(name, undefined, { cause })
    if (DAMAGED.has(code)) return new StoreDamagedError(name, `is damaged (${code})`, { cause })
    if (code === FULL) return new StoreFullError(name, { cause })
    return new (kindOf(cause, code))(name, `can't be used: ${cause.message}`, { cause })
  }
  return error
}

/** A statement of ours that the server did not take says nothing about how it is set up. */
function kindOf(cause: Error, code: string): typeof StoreError {
  if (!(cause instanceof DatabaseSetupError)) return StoreUnreachableError
  return code === '' || SETUP.test(code) ? StoreSetupError : StoreError
}

function isOfCarried(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.constraint === CARRIED_CONSTRAINT
}
