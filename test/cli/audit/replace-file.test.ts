import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { replaceFile } from '../../../src/cli/audit/replace-file.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { watchDisk } from '../../support/disk-watch.ts'

it('a new text is on the disk before it takes the place of the old one', async () => {
  const path = join(await temporaryDirectory(), 'witnesses.json')
  replaceFile(path, 'old')
  const disk = watchDisk()
  try {
    replaceFile(path, 'new')
  } finally {
    disk.restore()
  }
  expect(await readFile(path, 'utf8')).toBe('new')
  expect(disk.seen).toEqual([
    expect.stringMatching(/^sync witnesses\.json\.[0-9a-f]{12}\.tmp$/),
    'rename witnesses.json',
  ])
})
