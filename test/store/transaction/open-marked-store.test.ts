import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { openDataDirectory } from '../../../src/store/directory/data-directory.ts'
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
