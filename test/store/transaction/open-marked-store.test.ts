import { chmodSync, copyFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
import { takeProcessLock } from '../../../src/store/directory/process-lock.ts'
import { StoreInUseError } from '../../../src/store/errors.ts'
import { MIGRATIONS } from '../../../src/store/file/migrations.ts'
import { openMarkedStore } from '../../../src/store/transaction/open-marked-store.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { watchDisk } from '../../support/disk-watch.ts'

it('a new store and its marker are on the disk before they have their names, and the names after', async () => {
  const directory = openDataDirectory(await temporaryDirectory())
  const disk = watchDisk()
  try {
    const store = await openMarkedStore(directory)
    store.close()
  } finally {
    disk.restore()
  }
  const names = `sync ${basename(directory.path)}`
  expect(disk.seen).toEqual([
    `sync taleus.db.new-${process.pid}`,
    'link taleus.db',
    names,
    `sync taleus.db.id.new-${process.pid}`,
    'rename taleus.db.id',
    names,
  ])
})

it('an older store is left as it is while a listener serves it, and brought up to date after', async () => {
  const directory = openDataDirectory(await temporaryDirectory())
  const kept = join(import.meta.dirname, '../../replay/v13/inviter.db')
  copyFileSync(kept, directory.storeFile)
  chmodSync(directory.storeFile, 0o600)
  const before = userVersion(directory.storeFile)
  const listener = takeProcessLock(directory.lockFile)
  await expect(openMarkedStore(directory)).rejects.toThrow(StoreInUseError)
  expect(userVersion(directory.storeFile)).toBe(before)
  listener?.release()
  const store = await openMarkedStore(directory)
  store.close()
  expect(userVersion(directory.storeFile)).toBe(MIGRATIONS.length)
  // One that is current is shared as ever.
  const again = takeProcessLock(directory.lockFile)
  const shared = await openMarkedStore(directory)
  shared.close()
  again?.release()
})

function userVersion(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
  } finally {
    database.close()
  }
}
