import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Submitted } from '../../../src/session/ports/work.ts'
import { AuditLog } from '../../../src/store/audit/audit-log.ts'
import { openMemoryDatabase } from '../../../src/store/file/database.ts'
import type { Query } from '../../../src/store/query/query.ts'
import { SqliteQueries } from '../../../src/store/query/sqlite-query.ts'
import { SessionLog } from '../../../src/store/sessions/session-log.ts'
import { SessionPruner } from '../../../src/store/sessions/session-pruner.ts'
import { Store } from '../../../src/store/transaction/store.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'
import type { DiskFate } from '../chaos.ts'
import { GUARDS } from '../checks/guards.ts'
import { DeadError, type Life } from './life.ts'
import type { DiskInit, Disks, NodeDisk, OpenedStore } from './server/node-disk.ts'

/** As node:sqlite reports what the system reports. */
function diskError(): Error {
  return Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 10 })
}

/** What is done beside a piece of work, inside its part of the transaction. */
export interface Beside {
  /** Before its first write. */
  begun?(): void
  /** After its last write, if none of them was refused. What is thrown here the work fails by. */
  ending?(): void
}

/**
 * One node's file: real SQLite, real repositories, real group commit. It outlives the processes; what was not committed
 * when one dies is gone.
 */
export class Disk implements NodeDisk {
  readonly #drive: Drive
  readonly database: DatabaseSync
  readonly #init: DiskInit
  #holder: Life | undefined
  readonly #beside: Beside[] = []
  /** Makes the open batch end now. */
  #finishNow: (() => void) | undefined

  constructor(drive: Drive, init: DiskInit) {
    this.#drive = drive
    this.database = drive.database
    this.#init = init
  }

  /** No batch is open: what is read now is durable. */
  get idle(): boolean {
    return !this.database.isTransaction
  }

  /** What a new process opens. */
  open(life: Life): OpenedStore {
    let isHurried = false
    let look: () => void = () => undefined
    const pace = {
      later: (next: () => void) => {
        look = next
        this.#finishNow = () => {
          isHurried = true
          look()
          isHurried = false
        }
        life.after(this.#init.random.between(0.01, 1.5), next)
      },
      monotonic: () => (isHurried ? Number.POSITIVE_INFINITY : life.clock.monotonic()),
    }
    // What a process remembers is its own; the statements are shared, because to prepare them takes some ms.
    const sessions = new SessionLog(this.database)
    const repositories: Repositories = Object.create(this.#drive.repositories, {
      audit: { value: new AuditLog(this.database) },
      sessions: { value: sessions },
      pruner: { value: new SessionPruner(this.database, sessions) },
    })
    const store = new Store('sim', this.#failing(life), repositories, { pace })
    return { sessions: store, records: store, seen: store }
  }

  write(query: () => Query<unknown>): void {
    const noAudit = { append: () => undefined }
    new SqliteQueries(this.database, noAudit, {}).run(query())
  }

  failing(fate: Exclude<DiskFate, 'well'>, submit: () => Submitted): Submitted {
    const ending = (): void => {
      // Some failures end SQLite's whole transaction by themselves.
      if (fate === 'batch fails') this.database.exec('ROLLBACK')
      throw diskError()
    }
    return this.beside({ ending }, submit)
  }

  giveBack(): void {
    giveBackDrive(this.#drive)
  }

  /** Another process that holds the lock finishes first; a dead one holds none. */
  yieldTo(life: Life): void {
    const holder = this.#holder
    if (holder === undefined || holder === life) return
    if (holder.alive) this.#finishNow?.()
    else this.recover()
  }

  /** What a process left unfinished is undone. */
  recover(): void {
    if (this.#holder?.alive !== false) return
    if (this.database.isTransaction) this.database.exec('ROLLBACK')
    this.#holder = undefined
  }

  /** End the open batch of a process that is going to be stopped. */
  finish(life: Life): void {
    if (this.#holder === life) this.#finishNow?.()
  }

  /** Lets something be done beside the piece of work that is submitted meanwhile. */
  beside<Result>(beside: Beside, submit: () => Result): Result {
    this.#beside.push(beside)
    try {
      return submit()
    } finally {
      this.#beside.length = 0
    }
  }

  #failing(life: Life): DatabaseSync {
    const begin = (real: () => void): void => {
      real()
      this.#holder = life
    }
    const commit = (real: () => void): void => {
      if (!life.survives('before a commit')) throw new DeadError()
      if (this.#init.chaos.commitFails()) throw diskError()
      real()
      this.#holder = undefined
      this.#init.committed()
      life.survives('after a commit')
    }
    const rollback = (real: () => void): void => {
      real()
      this.#holder = undefined
    }
    const save = (real: () => void): void => {
      real()
      for (const { begun } of this.#beside) begun?.()
    }
    const release = (real: () => void): void => {
      // Only once: what fails by it is undone, and released then.
      for (const { ending } of this.#beside.splice(0)) ending?.()
      real()
    }
    const undo = (real: () => void): void => {
      real()
      this.#beside.length = 0
    }
    const around = {
      'BEGIN IMMEDIATE': begin,
      COMMIT: commit,
      ROLLBACK: rollback,
      'SAVEPOINT work': save,
      'RELEASE work': release,
      'ROLLBACK TO work': undo,
    }
    return new Proxy(this.database, {
      get: (target, name) => {
        if (name === 'prepare') return (sql: string) => guarded(target, sql, around)
        const member: unknown = Reflect.get(target, name, target)
        return typeof member === 'function' ? member.bind(target) : member
      },
    })
  }
}

function guarded(
  database: DatabaseSync,
  sql: string,
  around: Readonly<Record<string, (real: () => void) => void>>,
): StatementSync {
  const statement = database.prepare(sql)
  const wrapped = around[sql]
  if (wrapped === undefined) return statement
  return new Proxy(statement, {
    get: (target, name) => {
      if (name === 'run') return () => wrapped(() => void target.run())
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}

/** A database that is emptied and used again: to make one costs more than to use it. */
export interface Drive {
  readonly database: DatabaseSync
  /** The prepared statements; of what any of them remembers, nothing outlives a process. */
  readonly repositories: Repositories
  readonly wipe: string
}

const pool: Drive[] = []

/** Each node's on a file of its own. */
export const OWN_FILES: Disks = { make: (init) => new Disk(takeDrive(), init) }

export function takeDrive(): Drive {
  const drive = pool.pop() ?? freshDrive()
  drive.database.exec('UPDATE temp.guard SET armed = 1')
  return drive
}

export function giveBackDrive(drive: Drive): void {
  if (drive.database.isTransaction) drive.database.exec('ROLLBACK')
  drive.database.exec(drive.wipe)
  pool.push(drive)
}

function freshDrive(): Drive {
  const database = openMemoryDatabase()
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map(({ name }) => String(name))
  const full = tables.filter(
    (name) => database.prepare(`SELECT 1 FROM main.${name}`).get() !== undefined,
  )
  for (const name of full) {
    database.exec(`CREATE TEMP TABLE ${name}_0 AS SELECT * FROM main.${name}`)
  }
  database.exec(GUARDS)
  const wipe = [
    'UPDATE temp.guard SET armed = 0',
    'DELETE FROM temp.broken',
    'DELETE FROM temp.forgotten',
    'PRAGMA foreign_keys = OFF',
    'BEGIN',
    ...tables.map((name) => `DELETE FROM main.${name}`),
    ...full.map((name) => `INSERT INTO main.${name} SELECT * FROM temp.${name}_0`),
    'COMMIT',
    'PRAGMA foreign_keys = ON',
  ]
  return { database, repositories: new Repositories(database), wipe: wipe.join(';') }
}
