import type { DatabaseSync } from 'node:sqlite'
import type { Submitted } from '../../../../src/session/ports/work.ts'
import { StoreError } from '../../../../src/store/errors.ts'
import { NodeHead } from '../../../../src/store/postgres/node/node-head.ts'
import { PostgresSessionStore } from '../../../../src/store/postgres/postgres-session-store.ts'
import { PostgresQueries } from '../../../../src/store/postgres/records/postgres-queries.ts'
import type { Query } from '../../../../src/store/query/query.ts'
import { Store } from '../../../../src/store/transaction/store.ts'
import { failed } from '../../../support/store-wrappers.ts'
import type { Life } from '../life.ts'
import type { DiskInit, NodeDisk, OpenedStore } from './node-disk.ts'
import type { RealWork } from './real-work.ts'
import type { ServerDrive } from './server-drive.ts'
import { type CommitFate, WatchedPool } from './watched-pool.ts'

/** One node's store on a real server. Each of its processes has connections and an engine of its own. */
export class ServerDisk implements NodeDisk {
  readonly database: DatabaseSync
  readonly #drive: ServerDrive
  readonly #init: DiskInit
  readonly #work: RealWork
  readonly #pools = new Map<WatchedPool, Life | undefined>()
  readonly #seen: Store
  /** The last time that what is seen is brought up to date. */
  #refreshed: Promise<void> = Promise.resolve()

  constructor(drive: ServerDrive, init: DiskInit, work: RealWork) {
    this.#drive = drive
    this.#init = init
    this.#work = work
    const { database, repositories } = drive.seen
    this.database = database
    this.#seen = new Store('seen', database, repositories)
  }

  /** What the judge sees is never less than durable. */
  get idle(): boolean {
    return true
  }

  open(life: Life): OpenedStore {
    const { place, node } = this.#drive
    const own = { node }
    const head = new NodeHead(place, own)
    const pool = this.#pool(life)
    const pace = {
      later: (next: () => void) => void life.after(this.#init.random.between(0.01, 1.5), next),
      monotonic: () => life.clock.monotonic(),
    }
    return {
      sessions: new PostgresSessionStore({ pool, place, own, head }, { pace }),
      records: new PostgresQueries({ pool, place, own, head }),
      seen: this.#seen,
    }
  }

  write(query: () => Query<unknown>): void {
    const { place, node } = this.#drive
    const own = { node }
    const pool = this.#pool()
    const records = new PostgresQueries({ pool, place, own, head: new NodeHead(place, own) })
    this.#work.track(records.transact(query)).catch(() => undefined)
  }

  yieldTo(): void {
    // The server has those wait who are in each other's way.
  }

  recover(): void {
    // A transaction that is cut off is rolled back by the server.
    for (const [pool, life] of this.#pools) if (life?.alive === false) this.#close(pool)
  }

  finish(): void {
    // No transaction outlasts a moment of virtual time.
  }

  failing(): Submitted {
    return failed(new StoreError('sim', 'can’t be used'))
  }

  giveBack(): void {
    for (const pool of this.#pools.keys()) this.#close(pool)
  }

  #close(pool: WatchedPool): void {
    this.#pools.delete(pool)
    // Who is dead gives no connection back, so nobody waits for that.
    void pool.close()
  }

  #pool(life?: Life): WatchedPool {
    const pool = new WatchedPool({
      drive: this.#drive,
      work: this.#work,
      ...(life === undefined ? {} : { life }),
      fate: () => (life === undefined ? 'well' : this.#fate()),
      committed: () => this.#committed(),
    })
    this.#pools.set(pool, life)
    return pool
  }

  #fate(): CommitFate {
    const { chaos, random } = this.#init
    if (!chaos.commitFails()) return 'well'
    return random.chance(0.5) ? 'fails' : 'reply is lost'
  }

  #committed(): Promise<void> {
    const refreshed = this.#refreshed.then(() => this.#drive.refresh())
    this.#refreshed = refreshed.catch(() => undefined)
    return refreshed.then(() => this.#init.committed())
  }
}
