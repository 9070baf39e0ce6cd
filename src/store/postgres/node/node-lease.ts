import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import type { NodeMemory } from '../../directory/node-memory.ts'
import { NodeHeldError, NodeSupersededError, StoreHistoryLostError } from '../../errors.ts'
import type { RecordStore } from '../../query/record-store.ts'
import type { ServerPool } from '../connection/server-pool.ts'
import { storeFailure } from '../connection/store-failure.ts'
import type { StorePlace } from '../connection/store-place.ts'
import { LapsedNodes } from './lapsed-nodes.ts'
import type { NodeHead, StoreNode, TakenNode } from './node-head.ts'
import { giveNodeBack, holdNode, type LeasedNode, takeNode } from './nodes.ts'
import { SharedCharges } from './shared-charges.ts'
import { takeOver } from './take-over.ts'

/** How often the lease is renewed at least, ms: so soon another node's end is noticed, too. */
const RENEW_MS = 500

/** Renewals in the time of one lease: of a short one, two may fail. */
const RENEWALS = 3

/** Between two tries to take a node that somebody holds, ms. */
const AGAIN_MS = 250

/** Told what becomes of the lease. */
export interface LeaseWatcher {
  /** The server does not do what is asked: nothing is committed until it does. */
  away(error: unknown): void
  /** It does again, after so many ms. */
  back(ms: number): void
  /** The node is another's, or the store is not what it was: this process writes nothing any more. */
  lost(error: unknown): void
  /** Another node is gone, and was taken over. @param peerId its own */
  tookOver(peerId: string): void
  /** There are sessions that nobody works on any more. Not called again before it resolves. */
  leftBehind(): Promise<void>
}

/** A store, as its node writes it. */
export interface LeasedStore {
  /** The store's own id: the same wherever it is. */
  readonly storeId: string
  readonly place: StorePlace
  readonly own: StoreNode
  readonly head: NodeHead
  readonly records: Pick<RecordStore, 'transact'>
}

export interface NodeLeaseInit {
  readonly database: LeasedStore
  /** Used by nobody else: what waits for a connection must not cost the lease. Closed by `giveBack`. */
  readonly pool: ServerPool
  /** How long the node is this process's without another word, ms. */
  readonly leaseMs: number
  readonly memory: NodeMemory
}

/** A process's hold on its node: nobody else writes for that, and what it leaves is taken over by others when it is gone. */
export class NodeLease {
  readonly #init: NodeLeaseInit
  readonly #everyMs: number
  readonly #lapsed: LapsedNodes
  /** Exchanged with the other nodes at each renewal. */
  readonly limits = new SharedCharges()
  #held: TakenNode | undefined
  #watcher: LeaseWatcher | undefined
  /** Once the node is another's. */
  #loss: unknown
  #timer: NodeJS.Timeout | undefined
  /** Monotonic ms, while the server does not do what is asked. */
  #awaySince: number | undefined
  /** It is looking after others. */
  #isTakingOver = false
  #renewing: Promise<unknown> = Promise.resolve()
  /** The last record whose number is in the memory. */
  #remembered: number | undefined

  constructor(init: NodeLeaseInit) {
    this.#init = init
    this.#everyMs = Math.min(RENEW_MS, init.leaseMs / RENEWALS)
    this.#lapsed = new LapsedNodes(init.leaseMs)
  }

  /**
   * Takes the node, and renews the lease from then on. Waits for a former process's to run out unless that was this directory's, whose
   * lock the caller holds.
   * @throws NodeHeldError, NodeSupersededError, StoreHistoryLostError, StoreError
   */
  async take(): Promise<void> {
    const { database, leaseMs, memory } = this.#init
    const { own, head, place, storeId } = database
    const found = memory.read()
    // Of another store it says nothing; of this one also where another server has it now.
    const before = found?.store === storeId ? found : undefined
    if (before !== undefined) head.committed(before)
    const until = performance.now() + leaseMs + AGAIN_MS
    for (;;) {
      const claim = { node: own.node, leaseMs, former: before?.epoch, look: head.look() }
      const taken = await this.#asked((client) => takeNode(client, place, claim))
      if (taken !== undefined) {
        own.taken(taken)
        this.#held = taken
        this.#remember()
        this.#arm()
        return
      }
      if (performance.now() > until) throw new NodeHeldError(place.name)
      await pause(AGAIN_MS)
    }
  }

  /** Tells what becomes of it, and looks after the other nodes from now on. */
  watch(watcher: LeaseWatcher): void {
    this.#watcher = watcher
    if (this.#loss !== undefined) watcher.lost(this.#loss)
  }

  /** Lets others have the node at once. Resolves in bounded time, whatever the server does. */
  async giveBack(): Promise<void> {
    const { pool, database } = this.#init
    const held = this.#held
    this.#end()
    await this.#renewing
    if (held !== undefined) {
      this.#remember(held)
      await this.#asked((client) => giveNodeBack(client, database.place, held)).catch(
        () => undefined,
      )
    }
    await pool.close()
  }

  #end(): void {
    clearTimeout(this.#timer)
    this.#held = undefined
  }

  #arm(): void {
    this.#timer = setTimeout(() => {
      this.#renewing = this.#renew()
    }, this.#everyMs).unref()
  }

  async #renew(): Promise<void> {
    const { database, leaseMs } = this.#init
    const held = this.#held
    if (held === undefined) return
    try {
      const { place } = database
      const found = await this.#asked(async (client) => {
        const seen = await holdNode(client, place, held, leaseMs)
        await this.limits.exchange(client, place, held)
        return seen
      })
      this.#answered()
      this.#remember()
      void this.#lookAfter(this.#lapsed.look(found.others, performance.now()), found.isLeft)
    } catch (error) {
      this.#failed(error)
    }
    if (this.#held !== undefined) this.#arm()
  }

  #answered(): void {
    const since = this.#awaySince
    this.#awaySince = undefined
    if (since !== undefined) this.#watcher?.back(Math.round(performance.now() - since))
  }

  #failed(error: unknown): void {
    if (isLoss(error)) {
      this.#end()
      this.#loss = error
      this.#watcher?.lost(error)
    } else if (this.#awaySince === undefined) {
      this.#awaySince = performance.now()
      this.#watcher?.away(error)
    }
  }

  /** Takes over what is gone, beside the renewals: it waits for what others have under way. */
  async #lookAfter(gone: readonly LeasedNode[], isLeft: boolean): Promise<void> {
    const watcher = this.#watcher
    if (watcher === undefined || this.#isTakingOver || (gone.length === 0 && !isLeft)) return
    this.#isTakingOver = true
    const { records } = this.#init.database
    try {
      for (const each of gone) {
        const isTaken = await records.transact(() => takeOver(each))
        if (isTaken) watcher.tookOver(each.peerId)
      }
      await watcher.leftBehind()
    } catch (error) {
      // Another failure is seen by the next renewal, too, and what was not done is done after it.
      if (isLoss(error)) this.#failed(error)
    } finally {
      this.#isTakingOver = false
    }
  }

  #remember(held = this.#held): void {
    const { memory, database } = this.#init
    const { seq, hash } = database.head.known
    if (held === undefined || seq === this.#remembered) return
    this.#remembered = seq
    memory.write({ store: database.storeId, epoch: held.epoch, seq, hash })
  }

  /** @throws StoreError, what `work` throws */
  async #asked<Result>(work: (client: pg.ClientBase) => Promise<Result>): Promise<Result> {
    const { pool, database } = this.#init
    try {
      const client = await pool.connected()
      let isClean = false
      try {
        const result = await work(client)
        isClean = true
        return result
      } finally {
        client.release(!isClean)
      }
    } catch (error) {
      throw storeFailure(error, database.place)
    }
  }
}

/** True if this process is not to write any more. */
function isLoss(error: unknown): boolean {
  return error instanceof NodeSupersededError || error instanceof StoreHistoryLostError
}
