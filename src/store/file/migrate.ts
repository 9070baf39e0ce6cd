import type { DatabaseSync } from 'node:sqlite'
import { StoreInUseError, StoreNewerError } from '../errors.ts'
import { MIGRATIONS } from './migrations.ts'

/**
 * Brings the schema up to date in one transaction.
 * @param isInUse asked before an older store is changed: true if a process that knows only the older schema has it open
 * @throws StoreNewerError, StoreInUseError
 */
export function migrate(database: DatabaseSync, path: string, isInUse = () => false): void {
  const version = versionOf(database, path)
  if (version === MIGRATIONS.length) return
  if (version > 0 && isInUse()) throw new StoreInUseError(path)
  database.exec('BEGIN EXCLUSIVE')
  try {
    // Another process may have been first.
    for (const sql of MIGRATIONS.slice(versionOf(database, path))) database.exec(sql)
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`)
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function versionOf(database: DatabaseSync, path: string): number {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
  if (version > MIGRATIONS.length) throw new StoreNewerError(path)
  return version
}
