import fs from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it } from 'vitest'
import { waitsForRoom } from '../../../src/service/status/waits-for-room.ts'
import { type CommitSync, LogSync } from '../../../src/store/commit/commit-sync.ts'
import { StoreError } from '../../../src/store/errors.ts'
import { openDatabase } from '../../../src/store/file/database.ts'
import { openStore, Store } from '../../../src/store/transaction/store.ts'
import { Repositories } from '../../../src/store/work/repositories.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { replaceInModule } from '../../support/replace-in-module.ts'
import { issue } from '../fixtures.ts'

/** A disk whose syncs end when the test says so. */
class SlowDisk implements CommitSync {
  begun = 0
  atOnce = 0
  isBroken = false
  readonly #waiting: ((problem?: unknown) => void)[] = []

  begin(done: (problem?: unknown) => void): void {
    this.begun += 1
    this.#waiting.push(done)
  }

  /** The sync under way ends. */
  end(problem?: unknown): void {
    this.#waiting.shift()?.(problem)
  }

  now(): void {
    this.atOnce += 1
    if (this.isBroken) throw new Error('EIO')
  }

  close(): void {}
}

let path: string
let disk: SlowDisk
let store: Store

beforeEach(async () => {
  path = join(await temporaryDirectory(), 'taleus.db')
  disk = new SlowDisk()
  const database = openDatabase(path, 100)
  store = new Store(path, database, new Repositories(database), { sync: disk })
  return () => store.close()
})

/** Some turns of the loop: enough for whatever can happen without the disk. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** What became of a promise so far. */
function watch(promise: Promise<unknown>): { state: string } {
  const seen = { state: 'waits' }
  promise.then(
    () => (seen.state = 'durable'),
    (error: unknown) => (seen.state = error instanceof StoreError ? 'lost' : String(error)),
  )
  return seen
}

it('nothing is durable before the disk has said so', async () => {
  const first = watch(issue(store, 'first', 1))
  await turns()
  expect([store.commits, first.state]).toEqual([1, 'waits'])
  disk.end()
  await turns()
  expect(first.state).toBe('durable')
})

it('what comes while the disk is busy shares the next commit', async () => {
  const first = watch(issue(store, 'first', 1))
  await turns()
  const rest: { state: string }[] = []
  for (const id of ['a', 'b', 'c']) {
    rest.push(watch(issue(store, id, 1)))
    await turns()
  }
  expect(store.commits).toBe(1)
  disk.end()
  await turns()
  expect([store.commits, first.state, ...rest.map(({ state }) => state)]).toEqual([
    2,
    'durable',
    'waits',
    'waits',
    'waits',
  ])
  disk.end()
  await turns()
  expect(rest.map(({ state }) => state)).toEqual(['durable', 'durable', 'durable'])
})

it.each(['EIO', 'ENOSPC'])(
  'after the disk failed with %s nothing waits for room: what of the log is on it nobody knows',
  async (code) => {
    const lost = issue(store, 'first', 1).catch((error: unknown) => error)
    await turns()
    disk.end(Object.assign(new Error('it failed'), { code }))
    expect(await lost).toMatchObject({ code: 'store', cause: { code } })
    expect(waitsForRoom(await lost)).toBe(false)
  },
)

it('after the disk failed once nothing is durable any more, and no lock is left', async () => {
  const first = watch(issue(store, 'first', 1))
  await turns()
  const second = watch(issue(store, 'second', 1))
  await turns()
  disk.end(Object.assign(new Error('i/o error'), { code: 'EIO' }))
  await turns()
  const third = watch(issue(store, 'third', 1))
  await turns()
  expect([first.state, second.state, third.state]).toEqual(['lost', 'lost', 'lost'])
  await expect(store.write(() => undefined)).rejects.toThrow(StoreError)
  await expect(store.submit([]).outcome).rejects.toThrow(StoreError)
  expect([store.commits, disk.begun]).toEqual([1, 1])
  const other = new DatabaseSync(path, { timeout: 0 })
  other.exec('BEGIN IMMEDIATE; COMMIT')
  const found = other.prepare("SELECT id FROM tokens WHERE id IN ('second', 'third')").all()
  expect(found).toEqual([])
  other.close()
})

it('a store that is closed has brought everything to the disk, or tells who waits', async () => {
  const first = watch(issue(store, 'first', 1))
  await turns()
  const second = watch(issue(store, 'second', 1))
  store.close()
  await turns()
  expect([disk.atOnce, first.state, second.state]).toEqual([1, 'durable', 'durable'])
  disk.end(new Error('too late to matter'))
  await turns()
  expect([first.state, second.state]).toEqual(['durable', 'durable'])
})

it('a store that could not be brought to the disk when it was closed says so', async () => {
  disk.isBroken = true
  const first = watch(issue(store, 'first', 1))
  store.close()
  await turns()
  expect(first.state).toBe('lost')
})

it('a log that is not there is told as a failure, not passed over', async () => {
  const sync = new LogSync(join(await temporaryDirectory(), 'nothing.db'))
  const told = await new Promise((resolve) => sync.begin(resolve))
  expect(told).toMatchObject({ code: 'ENOENT' })
  expect(() => sync.now()).toThrow(/ENOENT/)
  sync.close()
})

describe('the log of a store as it is opened', () => {
  const waiting: ((problem: NodeJS.ErrnoException | null) => void)[] = []
  let real: Store

  beforeEach(async () => {
    waiting.length = 0
    real = openStore(join(await temporaryDirectory(), 'taleus.db'))
    const restore = replaceInModule(fs, {
      fdatasync: Object.assign(
        (_handle: number, done: fs.NoParamCallback) => void waiting.push(done),
        { __promisify__: fs.fdatasync.__promisify__ },
      ),
    })
    return () => {
      restore()
      real.close()
    }
  })

  it('is waited for, however slow its sync is', async () => {
    const first = watch(issue(real, 'first', 1))
    await turns()
    expect([real.commits, waiting.length, first.state]).toEqual([1, 1, 'waits'])
    waiting[0]?.(null)
    await turns()
    expect(first.state).toBe('durable')
  })

  it('is told as lost when its sync fails', async () => {
    const first = watch(issue(real, 'first', 1))
    await turns()
    waiting[0]?.(Object.assign(new Error('i/o error'), { code: 'EIO' }))
    await turns()
    expect(first.state).toBe('lost')
  })

  it('is synced when the store is closed, and told as lost when that fails', async () => {
    const first = watch(issue(real, 'first', 1))
    await turns()
    let synced = 0
    const restore = replaceInModule(fs, {
      fdatasyncSync: () => {
        synced += 1
        throw new Error('i/o error')
      },
    })
    try {
      real.close()
    } finally {
      restore()
    }
    await turns()
    expect([synced, first.state]).toEqual([1, 'lost'])
  })
})
