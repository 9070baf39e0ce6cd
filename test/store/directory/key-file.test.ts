import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import {
  type DataDirectory,
  openDataDirectory,
} from '../../../src/store/directory/data-directory.ts'
import { createKey, ensureKey, readKey } from '../../../src/store/directory/key-file.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { watchDisk } from '../../support/disk-watch.ts'

const KEY = new Uint8Array(randomBytes(68))
const MAKE_KEY = new URL('../../support/store/make-key.ts', import.meta.url).pathname

async function directoryWithKey(): Promise<DataDirectory> {
  const directory = openDataDirectory(await temporaryDirectory())
  createKey(directory, KEY)
  return directory
}

function never(): Uint8Array {
  throw new Error('a new identity was made')
}

describe('the key file', () => {
  it('gives back the key that was put into it', async () => {
    expect(readKey(await directoryWithKey())).toEqual(KEY)
  })

  it('is not there in a new directory', async () => {
    expect(readKey(openDataDirectory(await temporaryDirectory()))).toBeUndefined()
  })

  it('is for this user only, and nothing else is left beside it', async () => {
    const directory = await directoryWithKey()
    expect((await stat(directory.keyFile)).mode & 0o777).toBe(0o600)
    expect(await readdir(directory.path)).toEqual(['identity.key'])
  })

  it('is on the disk before it has its name, and its name before the key is given out', async () => {
    const directory = openDataDirectory(await temporaryDirectory())
    const disk = watchDisk()
    try {
      createKey(directory, KEY)
    } finally {
      disk.restore()
    }
    expect(disk.seen).toEqual([
      expect.stringMatching(/^sync identity\.key\.[0-9a-f]{16}\.tmp$/),
      'link identity.key',
      `sync ${basename(directory.path)}`,
    ])
  })

  it('is never replaced: the second key is the first', async () => {
    const directory = await directoryWithKey()
    expect(createKey(directory, new Uint8Array(randomBytes(68)))).toEqual(KEY)
    expect(ensureKey(directory, never)).toEqual(KEY)
  })

  it('of many processes that start at once is one and the same', async () => {
    const path = await temporaryDirectory()
    const marks = ['1', '2', '3', '4', '5', '6']
    const run = promisify(execFile)
    const keys = await Promise.all(
      marks.map((mark) => run(process.execPath, [MAKE_KEY, path, mark])),
    )
    expect(new Set(keys.map(({ stdout }) => stdout)).size).toBe(1)
    expect(keys[0]?.stdout).toHaveLength(136)
    expect(await readdir(path)).toEqual(['identity.key'])
  })

  it('whose making was cut short is made anew, and the leftover goes', async () => {
    const directory = openDataDirectory(await temporaryDirectory())
    await writeFile(`${directory.keyFile}.0011223344556677.tmp`, 'taleus-private-key-1 ha', {
      mode: 0o600,
    })
    expect(createKey(directory, KEY)).toEqual(KEY)
    expect(await readdir(directory.path)).toEqual(['identity.key'])
  })
})

describe('a key file that is not whole', () => {
  it('at any length but its own is damaged, never a reason for a new key', async () => {
    const directory = await directoryWithKey()
    const whole = await readFile(directory.keyFile)
    for (let length = 0; length < whole.length; length++) {
      await writeFile(directory.keyFile, whole.subarray(0, length))
      expect(() => ensureKey(directory, never)).toThrow(
        expect.objectContaining({ code: 'key_file', problem: 'damaged', path: directory.keyFile }),
      )
    }
    await writeFile(directory.keyFile, Buffer.concat([whole, Buffer.from('\n')]))
    expect(() => ensureKey(directory, never)).toThrow('is damaged')
  })

  it('with any bit flipped is damaged', async () => {
    const directory = await directoryWithKey()
    const whole = await readFile(directory.keyFile)
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = Uint8Array.from(whole)
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      await writeFile(directory.keyFile, flipped)
      expect(() => ensureKey(directory, never)).toThrow('is damaged')
    }
  })

  it.each([
    ['damaged', async (path: string) => writeFile(path, randomBytes(130), { mode: 0o600 })],
    ['damaged', async (path: string) => writeFile(path, randomBytes(5_000_000), { mode: 0o600 })],
    ['unsafe', async (path: string) => mkdir(path)],
    ['unsafe', async (path: string) => symlink('/dev/null', path)],
    ['unsafe', async (path: string) => symlink('nowhere', path)],
    ['unsafe', async (path: string) => promisify(execFile)('mkfifo', [path])],
  ])('but something else is refused by name: %s', async (problem, put) => {
    const directory = await directoryWithKey()
    await rm(directory.keyFile)
    await put(directory.keyFile)
    const refused = expect.objectContaining({ code: 'key_file', problem })
    expect(() => readKey(directory)).toThrow(refused)
    expect(() => ensureKey(directory, never)).toThrow(refused)
    expect(() => ensureKey(directory, never)).toThrow(directory.keyFile)
  })

  it('that others may read is refused', async () => {
    const directory = await directoryWithKey()
    await chmod(directory.keyFile, 0o644)
    expect(() => ensureKey(directory, never)).toThrow('mode 600')
  })

  it('that is gone beside a store is not made anew', async () => {
    const directory = await directoryWithKey()
    await writeFile(directory.storeFile, 'store', { mode: 0o600 })
    await rm(directory.keyFile)
    const refused = expect.objectContaining({ code: 'key_file', problem: 'missing' })
    expect(() => readKey(directory)).toThrow(refused)
    expect(() => createKey(directory, KEY)).toThrow(refused)
    expect(await readdir(directory.path)).toEqual(['taleus.db'])
  })

  it('never shows the key in an error', async () => {
    const directory = await directoryWithKey()
    const text = await readFile(directory.keyFile, 'utf8')
    await writeFile(directory.keyFile, text.slice(0, -3))
    try {
      readKey(directory)
      expect.unreachable()
    } catch (error) {
      expect(`${error} ${JSON.stringify(error)}`).not.toContain(text.slice(30, 50))
    }
  })
})
