import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { AuditThreads } from '../../audit/audit-threads.ts'
import { all, firstFailure, inOnePiece } from '../connection/sent-together.ts'
import { commit, type ServerPool } from '../connection/server-pool.ts'
import { isConnectionLost } from '../connection/store-failure.ts'
import type { StorePlace } from '../connection/store-place.ts'
import { UNNUMBERED } from '../loads/load.ts'
import { Needs } from '../loads/needs.ts'
import type { NodeHead, OwnNode } from '../node/node-head.ts'
import { beginning } from '../node/store-transaction.ts'
import { type CommitProof, leaveMark, wasCommitted } from '../records/commit-mark.ts'
import { PendingAudit } from '../records/pending-audit.ts'
import type { BatchItem } from './batch-item.ts'
import { FenceBlock } from './fence-block.ts'
import { BY_KEYS, FOR_CHANGE, loadsSent, sent } from './pipeline.ts'
import { promisedTallies, saveStatements } from './save-statements.ts'
import { WorkingSet } from './working-set.ts'

/** A store in PostgreSQL, as one node sees it. */
export interface BatchPlace {
  readonly pool: ServerPool
  readonly place: StorePlace
  readonly own: OwnNode
  readonly head: NodeHead
}

/** The connection was lost, and nothing was committed. */
export class NotCommitted extends Error {
  override readonly name = 'NotCommitted'
}

const LOCK_NODE = {
  name: 'taleus_node',
  text: 'SELECT 1 FROM nodes WHERE node = $1 FOR NO KEY UPDATE',
}

const MOVE_HEAD = {
  name: 'taleus_head',
  text: 'UPDATE nodes SET head_seq = $2, head_hash = $3 WHERE node = $1',
}

/** Runs a batch once: loads what it may touch, applies it here, writes what has changed. Two round trips. */
export class BatchRunner {
  readonly #at: BatchPlace
  readonly #threads = new AuditThreads()
  readonly #fences = new FenceBlock()
  #pruned = { looked: 0, lookedAgain: 0 }
  /** The mark of the last batch that was committed. */
  #mark = ''

  constructor(at: BatchPlace) {
    this.#at = at
  }

  /** Runs items that only ask. @throws what pg throws */
  ask(items: readonly BatchItem[]): Promise<void> {
    const { place, own } = this.#at
    return this.#connected(async (client) => {
      const set = new WorkingSet()
      const needs = this.#needsOf(items)
      await inOnePiece(client, () => {
        const begun = [client.query(`${beginning(place, own, 'read')}; ${BY_KEYS}`)]
        return this.#load(client, begun, set, needs, 0)
      })
      for (const each of items) each.run(set)()
      await commit(client)
    })
  }

  /**
   * Runs items of which some write.
   * @param promised ids of tallies that earlier runs have promised: somebody may have kept one. This run adds its own
   * @throws NotCommitted, StoreStalledError, StoreHistoryLostError, NodeSupersededError, what pg throws
   */
  write(items: readonly BatchItem[], promised: Set<string>): Promise<void> {
    return this.#connected(async (client) => {
      try {
        await this.#write(client, items, promised)
      } catch (error) {
        this.#threads.clear()
        throw error
      }
    })
  }

  async #write(
    client: pg.PoolClient,
    items: readonly BatchItem[],
    promised: Set<string>,
  ): Promise<void> {
    const { head, own, place } = this.#at
    const look = head.look()
    const needs = this.#needsOf(items)
    needs.addIds('tallies', promised)
    const fences = items.reduce((sum, each) => sum + each.fences, 0)
    const late: { audit?: PendingAudit } = {}
    const set = new WorkingSet((changes) => ({
      append: (draft) => late.audit?.appendIn(changes, draft),
    }))
    const [, , row] = await inOnePiece(client, () => {
      const begun = [
        client.query(`${beginning(place, own, 'write')}; ${BY_KEYS}`),
        client.query({ ...LOCK_NODE, values: [own.node] }),
        // As of when the row was locked.
        client.query(look.question),
      ]
      return this.#load(client, begun, set, needs, fences)
    })
    const audit = new PendingAudit(look.read(row?.rows[0]), this.#threads)
    late.audit = audit
    const tell = items.map((each) => each.run(set))
    for (const each of promisedTallies(set.rows)) promised.add(each)
    await this.#save(client, set, audit)
    for (const each of tell) each()
  }

  #needsOf(items: readonly BatchItem[]): Needs {
    const needs = new Needs()
    const facts = { needs, size: items.length, pruned: this.#pruned }
    for (const each of items) each.need(facts)
    return needs
  }

  /** Loads what is needed, and what that makes needed. @param fences 0 where nothing is written */
  async #load(
    client: pg.ClientBase,
    begun: readonly Promise<pg.QueryResult>[],
    set: WorkingSet,
    needs: Needs,
    fences: number,
  ): Promise<readonly pg.QueryResult[]> {
    const lock = begun.length > 1 ? FOR_CHANGE : ''
    let loads = loadsSent(client, needs, lock)
    do {
      const taken = fences === 0 ? [] : [this.#fences.take(client, fences)]
      await all<unknown>([...begun, ...loads, ...taken])
      for (const take of await Promise.all(loads)) take(set)
      loads = loadsSent(client, needs, lock)
    } while (loads.length > 0)
    set.complete(this.#fences.last, this.#pruned)
    return Promise.all(begun)
  }

  /** Writes what has changed, and commits, in one round trip. */
  async #save(client: pg.ClientBase, set: WorkingSet, audit: PendingAudit): Promise<void> {
    const { rows } = set
    const statements = saveStatements(rows)
    if (statements.length === 0 && audit.isEmpty) {
      await commit(client)
      return
    }
    const { head, own } = this.#at
    const proof: CommitProof = audit.isEmpty
      ? { kind: 'mark', mark: randomUUID() }
      : { kind: 'record', node: own.node, head: audit.head }
    // Whatever becomes of it: somebody may have heard of these.
    this.#fences.used(rows.fence.last)
    const written = inOnePiece(client, () => [
      ...statements.map((each) => sent(client, each)),
      audit.write(client),
      proof.kind === 'mark'
        ? leaveMark(client, proof.mark, this.#mark)
        : client.query({ ...MOVE_HEAD, values: [own.node, proof.head.seq, proof.head.hash] }),
      commit(client),
    ])
    const results = await Promise.allSettled<unknown>(written)
    await this.#checkCommitted(firstFailure(results), proof)
    head.committed(audit.head)
    if (proof.kind === 'mark') this.#mark = proof.mark
    const { looked, lookedAgain } = rows.pruned.value
    // A session that was begun and forgotten in this batch never had a number.
    this.#pruned = { looked: looked > UNNUMBERED ? this.#pruned.looked : looked, lookedAgain }
  }

  /** @throws the failure, if nothing was committed */
  async #checkCommitted(
    failure: PromiseRejectedResult | undefined,
    proof: CommitProof,
  ): Promise<void> {
    if (failure === undefined) return
    const { pool, place } = this.#at
    const { reason: cause } = failure
    if (!isConnectionLost(cause)) throw cause
    this.#threads.clear()
    if (!(await wasCommitted(pool, place, proof))) throw new NotCommitted('', { cause })
  }

  async #connected<Result>(run: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
    const client = await this.#at.pool.connected()
    let isClean = false
    try {
      const result = await run(client)
      isClean = true
      return result
    } finally {
      // One on which a statement has failed may not have prepared those behind it.
      client.release(!isClean)
    }
  }
}
