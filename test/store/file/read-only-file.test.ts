import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openReadOnly } from '../../../src/store/file/read-only-file.ts'
import { openStore } from '../../../src/store/transaction/store.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'
import { issue } from '../fixtures.ts'

/** A store's files as a crash leaves them: the last invitation is in the log alone. */
async function evidence(endings: readonly string[]) {
  const [from, to] = [await temporaryDirectory(), await temporaryDirectory()]
  const store = openStore(join(from, 'taleus.db'))
  onTestFinished(() => store.close())
  await issue(store, 'first', 1)
  for (const ending of endings) cpSync(`${store.path}${ending}`, join(to, `taleus.db${ending}`))
  return { directory: to, path: join(to, 'taleus.db') }
}

function contents(directory: string): readonly (readonly [string, string])[] {
  return readdirSync(directory).map((name) => [
    name,
    readFileSync(join(directory, name)).toString('base64'),
  ])
}

test.each([
  ['its log and the log’s index', ['', '-wal', '-shm']],
  ['its log without the index', ['', '-wal']],
])(
  'a store with %s is read whole, refuses to be written, and nothing is left behind',
  async (_with, endings) => {
    const { directory, path } = await evidence(endings)
    const before = contents(directory)
    const temporary = await temporaryDirectory()
    vi.stubEnv('TMPDIR', temporary)
    onTestFinished(() => void vi.unstubAllEnvs())
    const database = openReadOnly(path, 0)
    expect(database.prepare('SELECT id FROM tokens').all()).toEqual([{ id: 'first' }])
    expect(() => database.exec('BEGIN IMMEDIATE; DELETE FROM tokens')).toThrow(
      expect.objectContaining({ errcode: 8 }),
    )
    database.close()
    if (endings.length === 2) expect(contents(directory)).toEqual(before)
    expect(readdirSync(temporary)).toEqual([])
  },
)

test('a store without a log is read where it is, and nothing is made beside it', async () => {
  const directory = await temporaryDirectory()
  const path = join(directory, 'taleus.db')
  const store = openStore(path)
  await issue(store, 'first', 1)
  store.close()
  const before = contents(directory)
  const database = openReadOnly(path, 0)
  expect(database.prepare('SELECT id FROM tokens').all()).toEqual([{ id: 'first' }])
  expect(() => database.exec('DELETE FROM tokens')).toThrow(expect.objectContaining({ errcode: 8 }))
  database.close()
  expect(contents(directory)).toEqual(before)
})
