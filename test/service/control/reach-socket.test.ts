import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { askListener } from '../../../src/service/control/control-client.ts'
import { type ControlCommands, ControlServer } from '../../../src/service/control/control-server.ts'
import { reachSocket } from '../../../src/service/control/reach-socket.ts'
import { LOCK_PATIENCE_MS, takeProcessLock } from '../../../src/store/directory/process-lock.ts'
import { STATUS } from '../../support/listener-status.ts'
import { placeOf } from '../../support/service/place-of.ts'

function place(...below: readonly string[]) {
  const directory = mkdtempSync(join(tmpdir(), 'taleus-place-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  mkdirSync(join(directory, ...below), { recursive: true })
  return placeOf(join(directory, ...below, 'control.sock'))
}

const COMMANDS: Partial<ControlCommands> = {
  status: () => STATUS,
  cancel: () => ({ cancelled: false }),
  drain: () => ({ pid: 1, active: 0, ms: 0 }),
  config: () => ({ changes: [], inUse: [] }),
  reach: () => [],
  reap: () => ({ policies: [] }),
  follow: () => undefined,
}

async function serve(path: string): Promise<ControlServer> {
  const server = new ControlServer(path, COMMANDS)
  await server.start()
  onTestFinished(() => server.stop())
  return server
}

function hold(path: string) {
  const lock = takeProcessLock(path, LOCK_PATIENCE_MS)
  onTestFinished(() => lock?.release())
  return lock
}

test.runIf(existsSync('/proc/self/fd'))(
  'a listener is found in its own directory, however long the path, and leaves nothing there',
  async () => {
    const there = place('d'.repeat(90), 'e'.repeat(90))
    const server = await serve(there.controlSocket)
    expect(existsSync(there.controlSocket)).toBe(true)
    expect(await askListener(there, 'status', {})).toEqual(STATUS)
    await server.stop()
    expect(existsSync(there.controlSocket)).toBe(false)
    expect(await askListener(there, 'status', {})).toBeUndefined()
  },
)

test.runIf(existsSync('/proc/self/fd'))('a way to a socket holds nothing once it is closed', () => {
  const { controlSocket } = place('d'.repeat(120))
  const open = () => readdirSync('/proc/self/fd').length
  const before = open()
  const ways = [reachSocket(controlSocket), reachSocket(controlSocket)]
  expect(open()).toBe(before + 2)
  for (const way of ways) way.close()
  for (const way of ways) way.close()
  expect(open()).toBe(before)
})

test('a held lock without an answer is an error, and not that nobody is there', async () => {
  const there = place()
  const lock = hold(there.lockFile)
  await expect(askListener(there, 'status', {})).rejects.toMatchObject({ code: 'control_failed' })
  lock?.release()
  expect(await askListener(there, 'status', {})).toBeUndefined()
})

test('a listener that is just starting is waited for', async () => {
  const there = place()
  hold(there.lockFile)
  const asked = askListener(there, 'status', {})
  await serve(there.controlSocket)
  expect(await asked).toEqual(STATUS)
})

test('one that is just stopping has gone when its lock is free', async () => {
  const there = place()
  const lock = hold(there.lockFile)
  const asked = askListener(there, 'drain', {})
  setTimeout(() => lock?.release(), 50)
  expect(await asked).toBeUndefined()
})
