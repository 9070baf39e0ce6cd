import { existsSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isLocked, takeProcessLock } from '../../../src/store/directory/process-lock.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

async function path(): Promise<string> {
  return join(await temporaryDirectory(), 'listener.lock')
}

describe('a lock that is looked at', () => {
  it('is not held where there is no file, and none is made', async () => {
    const file = await path()
    expect(isLocked(file)).toBe(false)
    expect(existsSync(file)).toBe(false)
  })

  it('is held as long as its holder holds it, and can be taken after', async () => {
    const file = await path()
    const lock = takeProcessLock(file)
    expect([isLocked(file), isLocked(file)]).toEqual([true, true])
    lock?.release()
    expect(isLocked(file)).toBe(false)
    expect(takeProcessLock(file)?.release()).toBeUndefined()
  })

  it.each(['x', 'not a lock at all '.repeat(200)])(
    'is not held where the file is %j',
    async (text) => {
      const file = await path()
      await writeFile(file, text, { mode: 0o600 })
      expect(isLocked(file)).toBe(false)
    },
  )

  it('writes nothing that would have to reach the disk before it can be released', async () => {
    const file = await path()
    const lock = takeProcessLock(file)
    // SQLite syncs its journal, if there is one, when the lock is released.
    expect(await readdir(dirname(file))).toEqual(['listener.lock'])
    lock?.release()
    expect(await readdir(dirname(file))).toEqual(['listener.lock'])
  })
})
