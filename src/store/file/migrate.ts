import type { DatabaseSync } from 'node:sqlite'
import { StoreNewerError } from '../errors.ts'
import { MIGRATIONS } from './migrations.ts'

/** Brings the schema up to date in one transaction. @throws StoreNewerError */
export function migrate(database: DatabaseSync, path: string): void {
  if (versionOf(database, path) === MIGRATIONS.length) return
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
