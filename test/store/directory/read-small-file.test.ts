import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readSmallFile } from '../../../src/store/directory/read-small-file.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

test.each([0, 1, 7, 8])('a small file of %d bytes is read whole', async (size) => {
  expect(await read(size, 8)).toHaveLength(size)
})

test.each([9, 100_000])('a file of %d bytes is not a small one, and is not read', async (size) => {
  expect(await read(size, 8)).toBeUndefined()
})

async function read(size: number, most: number): Promise<Buffer | undefined> {
  const path = join(await temporaryDirectory(), 'file')
  writeFileSync(path, 'x'.repeat(size))
  const handle = openSync(path, 'r')
  onTestFinished(() => closeSync(handle))
  return readSmallFile(handle, most)
}
