import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import {
  type DataDirectory,
  openDataDirectory,
} from '../../../src/store/directory/data-directory.ts'
import { isProcessGone, takeProcessName } from '../../../src/store/directory/process-name.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

const CHILD = fileURLToPath(new URL('../../support/store/named-child.ts', import.meta.url))

async function directory(): Promise<DataDirectory> {
  return openDataDirectory(await temporaryDirectory())
}

function files({ path }: DataDirectory): readonly string[] {
  return readdirSync(path).filter((name) => name.startsWith('process-') && name.endsWith('.lock'))
}

/** A process with a name, and nothing to do. */
async function named({ path }: DataDirectory): Promise<{ child: ChildProcess; id: string }> {
  const child = spawn(process.execPath, ['--expose-gc', CHILD, path], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [id] = await once(child.stdout, 'data')
  return { child, id: String(id) }
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'close')
  child.kill('SIGKILL')
  await ended
}

test('a process that gave its name back is gone, and so is its file', async () => {
  const place = await directory()
  const name = takeProcessName(place)
  expect(files(place)).toEqual([`process-${name.id}.lock`])
  expect(isProcessGone(place, name.id)).toBe(false)
  name.release()
  name.release()
  expect(isProcessGone(place, name.id)).toBe(true)
  expect(readdirSync(place.path)).toEqual([])
})

test('a process that was killed is gone; one that is alive or stands still is not', async () => {
  const place = await directory()
  const { child, id } = await named(place)
  expect(isProcessGone(place, id)).toBe(false)
  child.kill('SIGSTOP')
  expect(isProcessGone(place, id)).toBe(false)
  await kill(child)
  expect(isProcessGone(place, id)).toBe(true)
  expect(readdirSync(place.path)).toEqual([])
})

test('of a name that is not here nobody knows whose it is, if other directories share the store', async () => {
  const place = await directory()
  const { child, id } = await named(place)
  expect(isProcessGone(place, '00c0ffee00c0ffee', true)).toBeUndefined()
  expect(isProcessGone(place, id, true)).toBe(false)
  await kill(child)
  expect(isProcessGone(place, id, true)).toBe(true)
})

test('what dead processes left is cleared away by the next one, but for what is quite new', async () => {
  const place = await directory()
  const { child } = await named(place)
  await kill(child)
  const [left = ''] = files(place)
  const young = takeProcessName(place)
  expect(files(place)).toContain(left)
  young.release()
  utimesSync(join(place.path, left), 1, 1)
  const alive = takeProcessName(place)
  utimesSync(join(place.path, `process-${alive.id}.lock`), 1, 1)
  const last = takeProcessName(place)
  expect(files(place).length).toBe(2)
  for (const each of [alive, last]) each.release()
})

test('an id that is none is never said to be gone, nor looked for elsewhere', async () => {
  const place = await directory()
  writeFileSync(join(place.path, 'other.lock'), '')
  for (const id of ['', '../other', 'x'.repeat(16)]) expect(isProcessGone(place, id)).toBe(false)
})

test('something else in the place of a file says nothing about its process, and is left alone', async () => {
  const place = await directory()
  const ids = ['00c0ffee00c0ffee', '00c0ffee00c0ffef']
  const [folder = '', link = ''] = ids.map((id) => join(place.path, `process-${id}.lock`))
  mkdirSync(folder)
  symlinkSync('/nowhere', link)
  utimesSync(folder, new Date(1), new Date(1))
  const name = takeProcessName(place)
  expect(ids.map((id) => isProcessGone(place, id))).toEqual([false, false])
  expect(files(place)).toHaveLength(3)
  name.release()
})
