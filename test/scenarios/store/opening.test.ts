import { fork } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { DataDirectoryError } from '../../../src/store/directory/data-directory.ts'
import { StoreDamagedError, StoreError, StoreNewerError } from '../../../src/store/errors.ts'
import { openDatabase } from '../../../src/store/file/database.ts'
import { MIGRATIONS } from '../../../src/store/file/migrations.ts'
import { sessionRecords } from '../../../src/store/records/session-records.ts'
import { tallyRecords } from '../../../src/store/records/tally-records.ts'
import { tokenRecords } from '../../../src/store/records/token-records.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import {
  auditDraft,
  claimOf,
  grantOf,
  issue,
  requestOf,
  reserve,
  tallyOf,
} from '../../store/fixtures.ts'
import { verifyRows } from '../../support/audit/verify-rows.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

let directory: string
let path: string

beforeEach(async () => {
  directory = await temporaryDirectory()
  path = join(directory, 'taleus.db')
})

/** The error that opening ends in; the store is closed if it does not. */
function openingError(file = path): unknown {
  try {
    openStore(file).close()
  } catch (error) {
    return error
  }
  return undefined
}

function bytesOf(file: string): Buffer {
  return readFileSync(file)
}

/** Opening must fail with this kind of error, which names the file, and change nothing. */
function expectRefused(kind: new (...args: never[]) => Error, file = path): void {
  const before = lstatSync(file).isFile() ? bytesOf(file) : undefined
  const names = readdirSync(directory)
  const error = openingError(file)
  expect(error).toBeInstanceOf(kind)
  expect(error).toMatchObject({ path: file, message: expect.stringContaining(file) })
  if (before !== undefined) expect(bytesOf(file).equals(before)).toBe(true)
  expect(readdirSync(directory)).toEqual(names)
}

/** A store with a few hundred rows in it, closed. */
async function filledStore(): Promise<void> {
  const store = openStore(path)
  await issue(store, 'standing', null)
  for (let peer = 0; peer < 60; peer += 1) {
    const request = requestOf(grantOf('standing', null), `peer-${peer}`)
    const claim = claimOf(await reserve(store, request))
    await store.write(({ audit, redemptions, tallies }) => {
      const { redemptionId, tallyId } = claim
      tallies.insert(tallyOf(tallyId, redemptionId))
      redemptions.commit(claim, { tallyId, delivery: 'offered' }, 1)
      audit.append(auditDraft(`s${peer}`, 'committed'))
    })
  }
  store.close()
}

describe('a new store', () => {
  it('is made, and only its owner can read it and what SQLite puts beside it', async () => {
    const mask = process.umask(0o022)
    onTestFinished(() => void process.umask(mask))
    const store = openStore(path)
    await issue(store, 'one', 1)
    expect(readdirSync(directory).sort()).toEqual(['taleus.db', 'taleus.db-shm', 'taleus.db-wal'])
    for (const name of readdirSync(directory)) {
      const mode = lstatSync(join(directory, name)).mode & 0o777
      expect([name, mode.toString(8)]).toEqual([name, '600'])
    }
    store.close()
    expect(readdirSync(directory)).toEqual(['taleus.db'])
  })

  // No test can pull the plug; this is what SQLite needs to be told.
  it('waits for the disk at every commit, in a write-ahead log', () => {
    const handle = openDatabase(path, 0)
    const setting = (name: string) => handle.prepare(`PRAGMA ${name}`).get()?.[name]
    const FULL = 2
    expect([setting('journal_mode'), setting('synchronous')]).toEqual(['wal', FULL])
    handle.close()
  })

  it('is opened again with what was in it', async () => {
    const store = openStore(path)
    await issue(store, 'one', 1)
    store.close()
    const again = openStore(path)
    expect((await again.query(() => tokenRecords.list())).map(({ id }) => id)).toEqual(['one'])
    again.close()
  })

  it('is never made where there is no directory', () => {
    const error = openingError(join(directory, 'nowhere', 'taleus.db'))
    expect(error).toBeInstanceOf(StoreError)
    expect(readdirSync(directory)).toEqual([])
  })

  it('is one and the same for processes that begin at once', async () => {
    const child = new URL('../../support/store/racing-child.ts', import.meta.url)
    const children = ['a', 'b', 'c', 'd'].map((peer) => fork(child, [path, peer, '1']))
    await Promise.all(children.map((each) => once(each, 'message')))
    const exits = children.map((each) => once(each, 'exit'))
    for (const each of children) each.send('go')
    expect((await Promise.all(exits)).map(([code]) => code)).toEqual([0, 0, 0, 0])
    // Of two that close at once each takes the other for the last one, and both leave the log; the next one clears it away.
    expect(openingError()).toBeUndefined()
    expect(readdirSync(directory)).toEqual(['taleus.db'])
  })

  it('is not hindered by what a crash left half made', () => {
    writeFileSync(`${path}.new-${process.pid}`, 'half')
    writeFileSync(`${path}.new-1`, 'half')
    expect(openingError()).toBeUndefined()
    expect(readdirSync(directory).sort()).toEqual(['taleus.db', 'taleus.db.new-1'])
  })

  it('is never made beside the log of a store whose file is gone', async () => {
    for (const ending of ['-wal', '-journal']) {
      writeFileSync(path + ending, 'what is left')
      const error = openingError()
      expect(error).toBeInstanceOf(StoreDamagedError)
      expect(error).toMatchObject({ path, message: expect.stringContaining(path + ending) })
      expect(readdirSync(directory)).toEqual([`taleus.db${ending}`])
      expect(bytesOf(path + ending).toString()).toBe('what is left')
      const aside = join(await temporaryDirectory(), 'aside')
      await copyFile(path + ending, aside)
      directory = await temporaryDirectory()
      path = join(directory, 'taleus.db')
    }
  })
})

describe('what is no store is refused and left as it is:', () => {
  const write = (bytes: string | Uint8Array): void => writeFileSync(path, bytes, { mode: 0o600 })

  it('an empty file', () => {
    write('')
    expectRefused(StoreDamagedError)
  })

  it('garbage, short and long', () => {
    for (const length of [1, 50, 99, 100, 5_000]) {
      write(new Uint8Array(length).fill(0xa5))
      expectRefused(StoreDamagedError)
    }
  })

  it('a directory', () => {
    mkdirSync(path)
    expectRefused(StoreDamagedError)
  })

  it('another program’s database', () => {
    const other = new DatabaseSync(path)
    other.exec('CREATE TABLE t (a); INSERT INTO t VALUES (1)')
    other.close()
    chmodSync(path, 0o600)
    expectRefused(StoreDamagedError)
  })

  it('a store of a newer version', () => {
    openStore(path).close()
    const later = new DatabaseSync(path)
    later.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`)
    later.close()
    expectRefused(StoreNewerError)
  })

  it('a store of a newer version that was not closed, log and all', async () => {
    openStore(path).close()
    const later = new DatabaseSync(path)
    later.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}; PRAGMA wal_checkpoint(TRUNCATE)`)
    later.exec("INSERT INTO meta (name, value) VALUES ('only in', 'the log')")
    const left = join(await temporaryDirectory(), 'taleus.db')
    await copyFile(path, left)
    await copyFile(`${path}-wal`, `${left}-wal`)
    later.close()
    const before = [bytesOf(left), bytesOf(`${left}-wal`)]
    expect(openingError(left)).toBeInstanceOf(StoreNewerError)
    expect([bytesOf(left), bytesOf(`${left}-wal`)]).toEqual(before)
  })

  it('a store of a newer version that so far is only in the log', () => {
    openStore(path).close()
    const later = new DatabaseSync(path)
    onTestFinished(() => later.close())
    later.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`)
    expect(openingError()).toBeInstanceOf(StoreNewerError)
  })

  it('a store without its tables', () => {
    openStore(path).close()
    const hand = new DatabaseSync(path)
    hand.exec('DROP TABLE journal')
    hand.close()
    expectRefused(StoreDamagedError)
  })

  it('a symbolic link, also one that leads nowhere', async () => {
    const real = join(directory, 'real.db')
    symlinkSync(real, path)
    const lost = openingError()
    expect(lost).toBeInstanceOf(DataDirectoryError)
    expect(existsSync(real)).toBe(false)
    openStore(real).close()
    const before = bytesOf(real)
    expect(openingError()).toMatchObject({ path, name: 'DataDirectoryError' })
    expect(bytesOf(real).equals(before)).toBe(true)
  })

  it('a store that others may read, and one whose log others may write', () => {
    openStore(path).close()
    chmodSync(path, 0o640)
    expectRefused(DataDirectoryError)
    expect(lstatSync(path).mode & 0o777).toBe(0o640)
    chmodSync(path, 0o600)
    writeFileSync(`${path}-wal`, '', { mode: 0o666 })
    chmodSync(`${path}-wal`, 0o666)
    expect(openingError()).toMatchObject({ name: 'DataDirectoryError', path: `${path}-wal` })
  })
})

describe('a damaged store', () => {
  it('cut off anywhere is refused, and not cut or grown any further', async () => {
    await filledStore()
    const whole = bytesOf(path)
    const lengths = [16, 60, 100, 512, 4_095, 4_096, 4_097, whole.length >> 1, whole.length - 4_096]
    for (const length of lengths) {
      writeFileSync(path, whole)
      truncateSync(path, length)
      expectRefused(StoreDamagedError)
    }
  })

  it('with any one bit flipped is refused, or read as a store: never anything else', async () => {
    await filledStore()
    const whole = bytesOf(path)
    const somewhere = fc.oneof(
      { weight: 1, arbitrary: fc.nat(99) },
      { weight: 1, arbitrary: fc.nat(4_095) },
      { weight: 3, arbitrary: fc.nat(whole.length - 1) },
    )
    let refused = 0
    await fc.assert(
      fc.asyncProperty(somewhere, fc.nat(7), async (at, bit) => {
        const flipped = Buffer.from(whole)
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit)
        writeFileSync(path, flipped)
        const error = await readEverything()
        if (error === undefined) return
        refused += 1
        expect(['StoreDamagedError', 'StoreNewerError', 'StoreError']).toContain(error.name)
        expect(error.message).toContain(path)
      }),
      { numRuns: 120 },
    )
    expect(refused).toBeGreaterThan(0)
  })

  it('with a flipped bit in the header is not changed by the attempt to open it', async () => {
    await filledStore()
    const whole = bytesOf(path)
    for (let at = 0; at < 100; at += 1) {
      const flipped = Buffer.from(whole)
      flipped[at] = (flipped[at] ?? 0) ^ 0x81
      writeFileSync(path, flipped)
      if (openingError() === undefined) continue
      expect([at, bytesOf(path).equals(flipped)]).toEqual([at, true])
    }
  })

  it('with pages of zeros is found out when it is read', async () => {
    await filledStore()
    const whole = bytesOf(path)
    let found = 0
    for (let page = 1; page * 4_096 < whole.length; page += 1) {
      const holed = Buffer.from(whole)
      holed.fill(0, page * 4_096, (page + 1) * 4_096)
      writeFileSync(path, holed)
      if ((await readEverything()) instanceof StoreDamagedError) found += 1
    }
    expect(found).toBeGreaterThan(10)
  })
})

/** Open, read all there is, and close; the error if one of them fails. */
async function readEverything(): Promise<Error | undefined> {
  try {
    const store = openStore(path)
    try {
      await store.query(function* () {
        yield* sessionRecords.list({ limit: 1_000 })
        yield* tokenRecords.list()
      })
      const tallies = await store.query(() => tallyRecords.list(1_000))
      store.read(({ audit, redemptions }) => {
        const { ok } = verifyRows(audit.rows())
        for (const { redemptionId } of tallies) redemptions.storedResponse(redemptionId)
        return ok
      })
    } finally {
      store.close()
    }
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
  return undefined
}

describe('a store that was not closed', () => {
  it('is opened with everything that is only in its log', async () => {
    const store = openStore(path)
    await issue(store, 'in the log', 1)
    const copy = join(await temporaryDirectory(), 'taleus.db')
    await copyFile(path, copy)
    await copyFile(`${path}-wal`, `${copy}-wal`)
    store.close()
    const recovered = openStore(copy)
    expect((await recovered.query(() => tokenRecords.list())).map(({ id }) => id)).toEqual([
      'in the log',
    ])
    recovered.close()
    expect(existsSync(`${copy}-wal`)).toBe(false)
  })

  it('is opened without the end of its log if that was torn', async () => {
    const store = openStore(path)
    await issue(store, 'first', 1)
    const length = lstatSync(`${path}-wal`).size
    await issue(store, 'second', 1)
    const copy = join(await temporaryDirectory(), 'taleus.db')
    await copyFile(path, copy)
    await copyFile(`${path}-wal`, `${copy}-wal`)
    store.close()
    truncateSync(`${copy}-wal`, length + 100)
    const recovered = openStore(copy)
    expect((await recovered.query(() => tokenRecords.list())).map(({ id }) => id)).toEqual([
      'first',
    ])
    recovered.close()
  })
})
