import type { DatabaseSync } from 'node:sqlite'
import type { SessionStore } from '../../../../src/session/ports/store.ts'
import type { Submitted } from '../../../../src/session/ports/work.ts'
import type { Query } from '../../../../src/store/query/query.ts'
import type { RecordStore } from '../../../../src/store/query/record-store.ts'
import type { Store } from '../../../../src/store/transaction/store.ts'
import type { Chaos, DiskFate } from '../../chaos.ts'
import type { Life } from '../life.ts'
import type { Random } from '../random.ts'

export interface DiskInit {
  readonly random: Random
  readonly chaos: Chaos
  /** A batch has become durable. */
  committed(): void
}

/** What a process has of its node's store. */
export interface OpenedStore {
  readonly sessions: SessionStore
  readonly records: Pick<RecordStore, 'query' | 'transact'>
  /** What is durable, as the store of whoever looks at its trail. */
  readonly seen: Store
}

/** Where a node keeps what outlives its processes. */
export interface NodeDisk {
  /** What is durable, as SQLite has it: for the judge. */
  readonly database: DatabaseSync
  /** What is read now is durable. */
  readonly idle: boolean
  /** What a new process opens. */
  open(life: Life): OpenedStore
  /** Writes before anything else happens, by no process. */
  write(query: () => Query<unknown>): void
  /** Another process that is in the way finishes first. */
  yieldTo(life: Life): void
  /** What a dead process left unfinished is undone. */
  recover(): void
  /** Ends the open batch of a process that is going to be stopped. */
  finish(life: Life): void
  /** Has a piece of work fail while it is submitted. */
  failing(fate: Exclude<DiskFate, 'well'>, submit: () => Submitted): Submitted
  /** Gives back what the next run can use. */
  giveBack(): void
}

/** Makes disks, of one kind or another. */
export interface Disks {
  make(init: DiskInit): NodeDisk
  /** Resolves when nothing is under way that takes real time; absent if nothing ever does. */
  readonly settled?: () => Promise<void>
}
