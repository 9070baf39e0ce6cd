import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { checkLog } from '../../../src/store/file/log-check.ts'
import { metaRecords } from '../../../src/store/records/meta-records.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import { readNow } from '../../support/store/read-now.ts'

/** What a killed process leaves: a store whose newest content is only in its log. */
async function killedStore(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'taleus-log-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const living = join(directory, 'living.db')
  const store = openStore(living)
  onTestFinished(() => store.close())
  for (let n = 0; n < 20; n += 1) await store.transact(() => metaRecords.set(`name ${n}`, 'x'))
  const path = join(directory, 'killed.db')
  for (const ending of ['', '-wal', '-shm']) copyFileSync(living + ending, path + ending)
  return path
}

it('a log that holds what was committed is none of anybody’s business', async () => {
  const path = await killedStore()
  expect(() => checkLog(path)).not.toThrow()
  const store = openStore(path)
  expect(readNow(store, () => metaRecords.get('name 19'))).toBe('x')
  store.close()
  expect(() => checkLog(path)).not.toThrow()
})

it('an index that is gone or spoiled tells nothing, and is in nobody’s way', async () => {
  const path = await killedStore()
  rmSync(`${path}-shm`)
  expect(() => checkLog(path)).not.toThrow()
  writeFileSync(`${path}-shm`, Buffer.alloc(32_768, 7))
  expect(() => checkLog(path)).not.toThrow()
})

it.each([
  ['is gone', (log: string) => rmSync(log)],
  ['is empty', (log: string) => truncateSync(log)],
  ['ends early', (log: string) => truncateSync(log, 40_000)],
  [
    'has one bit wrong',
    (log: string, bytes: Buffer) => {
      bytes.writeUInt8(bytes.readUInt8(9_000) ^ 4, 9_000)
      writeFileSync(log, bytes)
    },
  ],
])('a log that %s is named, and the store is left as it is', async (_what, spoil) => {
  const path = await killedStore()
  const before = readFileSync(path)
  spoil(`${path}-wal`, readFileSync(`${path}-wal`))
  expect(() => openStore(path)).toThrow(`${path}-wal`)
  expect(readFileSync(path)).toEqual(before)
})

it('a damaged database is not made worse by the log beside it', async () => {
  const path = await killedStore()
  truncateSync(path, 60_000)
  const before = readFileSync(`${path}-wal`)
  expect(() => openStore(path)).toThrow(`${path} is damaged`)
  expect(readFileSync(`${path}-wal`)).toEqual(before)
})
