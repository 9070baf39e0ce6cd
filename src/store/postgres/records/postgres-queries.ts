import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { ChainHead } from '../../../audit/record/chain.ts'
import { AuditThreads } from '../../audit/audit-threads.ts'
import type { Query } from '../../query/query.ts'
import type { RecordStore } from '../../query/record-store.ts'
import { all, inOnePiece } from '../connection/sent-together.ts'
import { commit, type ServerPool } from '../connection/server-pool.ts'
import { isConnectionLost, isUndoneForOthers, storeFailure } from '../connection/store-failure.ts'
import type { StorePlace } from '../connection/store-place.ts'
import type { NodeHead, OwnNode } from '../node/node-head.ts'
import { atWork, callUpon, setRetired } from '../node/shared-nodes.ts'
import { beginning, WRITE_ALONE } from '../node/store-transaction.ts'
import { leaveMark, wasCommitted } from './commit-mark.ts'
import { PendingAudit } from './pending-audit.ts'
import { drive, execute } from './run-steps.ts'
import { SharedReads } from './shared-reads.ts'
import { tableSizes } from './table-sizes.ts'

/** How often work is begun anew: others are in the way for one transaction, seldom for two. */
const MAX_REPLAYS = 5

/** And only so long after it was asked for, ms: whoever asks waits. */
const REPLAY_MS = 4_000

export interface PostgresQueriesInit {
  /** With `STORE_TYPES`, and a pipeline. */
  readonly pool: ServerPool
  readonly place: StorePlace
  readonly own: OwnNode
  readonly head: NodeHead
}

/** Runs queries on PostgreSQL, a round trip for each step. Questions share transactions; whoever changes something has one of its own. */
export class PostgresQueries implements RecordStore {
  readonly nodes = { atWork, setRetired, callUpon }
  readonly #init: PostgresQueriesInit
  readonly #threads = new AuditThreads()
  /** The mark of the last transaction that was committed. */
  #mark = ''
  /** The last of those that change something. They are alone on the server anyway: waiting here, they need one connection. */
  #last: Promise<unknown> = Promise.resolve()

  readonly #reads: SharedReads

  constructor(init: PostgresQueriesInit) {
    this.#init = init
    this.#reads = new SharedReads({
      inSnapshot: (work) => this.#replayed((client) => this.#inSnapshot(client, work)),
      failure: (error) => storeFailure(error, init.place),
    })
  }

  query<Result>(question: () => Query<Result>): Promise<Result> {
    return this.#reads.ask(question)
  }

  /** Others see only what is committed. */
  queryDurable<Result>(question: () => Query<Result>): Promise<Result> {
    return this.query(question)
  }

  transact<Result>(work: () => Query<Result>): Promise<Result> {
    const done = this.#last.then(() => this.#replayed((client) => this.#change(client, work)))
    this.#last = done.catch(() => undefined)
    return done
  }

  tableBytes(): Promise<ReadonlyMap<string, number>> {
    return this.query(tableSizes)
  }

  async #replayed<Result>(run: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const { pool, place } = this.#init
    const until = performance.now() + REPLAY_MS
    for (let replays = 0; ; replays += 1) {
      try {
        return await withClient(await pool.connected(), run)
      } catch (error) {
        const isAgain = isUndoneForOthers(error) || isConnectionLost(error)
        if (!isAgain || replays === MAX_REPLAYS || performance.now() > until) {
          throw storeFailure(error, place)
        }
      }
    }
  }

  /** Begins, and lets the work send its first statements at once. */
  async #inSnapshot(
    client: pg.PoolClient,
    work: (client: pg.ClientBase) => Promise<void>,
  ): Promise<void> {
    const { place, own } = this.#init
    await inOnePiece(client, () =>
      all<unknown>([client.query(beginning(place, own, 'read')), work(client)]),
    )
    await commit(client)
  }

  async #change<Result>(client: pg.PoolClient, work: () => Query<Result>): Promise<Result> {
    const { place, own, head } = this.#init
    const look = head.look()
    const [, , { rows }] = await Promise.all([
      client.query(beginning(place, own, 'write')),
      client.query(WRITE_ALONE),
      client.query(look.question),
    ])
    const audit = new PendingAudit(look.read(rows[0]), this.#threads)
    let isReading = true
    try {
      const value = await drive(work(), async (step) => {
        if (step.kind !== 'select') isReading = false
        if (step.kind === 'append') return audit.append(step.draft)
        if (step.kind === 'select') await audit.write(client)
        return execute(client, step)
      })
      await (isReading ? commit(client) : this.#finish(client, audit))
      return value
    } catch (error) {
      this.#threads.clear()
      throw error
    }
  }

  /** Writes what is left, and commits: in one round trip. */
  async #finish(client: pg.PoolClient, audit: PendingAudit): Promise<void> {
    const { place, own, head, pool } = this.#init
    const mark = randomUUID()
    const writes = [
      audit.write(client),
      moveHead(client, own.node, audit.head),
      leaveMark(client, mark, this.#mark),
    ]
    const [ended, ...written] = await Promise.allSettled([client.query('COMMIT'), ...writes])
    // Of a transaction that has failed it *resolves*, and says ROLLBACK.
    if (ended.status === 'fulfilled' && ended.value.command !== 'COMMIT') {
      const failed = written.find((each) => each.status === 'rejected')
      throw failed?.reason ?? new Error(`the transaction ended by ${ended.value.command}`)
    }
    if (ended.status === 'rejected') {
      if (!isConnectionLost(ended.reason)) throw ended.reason
      if (!(await wasCommitted(pool, place, { kind: 'mark', mark }))) throw ended.reason
    }
    head.committed(audit.head)
    this.#mark = mark
  }
}

/** Runs a transaction on a connection and gives that back; one of which it is not known how it stands is closed. */
async function withClient<Result>(
  client: pg.PoolClient,
  run: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  let isClean = true
  try {
    return await run(client)
  } catch (error) {
    isClean = !isConnectionLost(error) && (await isRolledBack(client))
    throw error
  } finally {
    client.release(!isClean)
  }
}

function isRolledBack(client: pg.PoolClient): Promise<boolean> {
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  )
}

async function moveHead(client: pg.ClientBase, node: number, head: ChainHead): Promise<void> {
  const sql = 'UPDATE nodes SET head_seq = $2, head_hash = $3 WHERE node = $1'
  await client.query(sql, [node, head.seq, head.hash])
}
