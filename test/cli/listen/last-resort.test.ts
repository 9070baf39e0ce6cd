import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../../src/store/transaction/store.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** A process that watches as a listener does, and then does this. */
function program(store: string, accident: string): string {
  return `
    import { watchLastResort } from './src/cli/listen/last-resort.ts'
    import { recordCrash } from './src/service/record/crash-record.ts'
    import { openStore } from './src/store/transaction/store.ts'
    const store = openStore(${JSON.stringify(store)})
    watchLastResort((error) => recordCrash(store, error))
    setInterval(() => undefined, 1_000)
    ${accident}
  `
}

test.each([
  ['an exception in a listener of an event', 'setTimeout(() => { throw new TypeError("oh") })'],
  ['a promise that nobody waits for', 'void Promise.reject(new RangeError("oh"))'],
  ['what is no error', 'void Promise.reject(undefined)'],
  [
    'one accident after another',
    'setImmediate(() => { setImmediate(() => { throw 1 }); throw 2 })',
  ],
])('%s ends the process with a record and a sentence, and no stack', async (_, accident) => {
  const directory = await mkdtemp(join(tmpdir(), 'taleus-crash-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const path = join(directory, 'taleus.db')
  openStore(path).close()
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    const args = ['--input-type=module', '--eval', program(path, accident)]
    execFile(process.execPath, args, { cwd: ROOT }, (error, _stdout, text) =>
      resolve({ code: error?.code ?? 0, stderr: text }),
    )
  })
  expect(code).toBe(1)
  expect(stderr).toContain('Something unexpected went wrong')
  expect(stderr).not.toMatch(/\n\s+at /)
  const store = openStore(path)
  const records = store.read(({ audit }) => [...audit.rows()].map(({ text }) => JSON.parse(text)))
  store.close()
  expect(records).toMatchObject([
    { type: 'error', severity: 'alarm', data: { event: 'process.crashed' } },
  ])
})
