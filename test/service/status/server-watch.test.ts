import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { ServerWatch, waitsForServer } from '../../../src/service/status/server-watch.ts'
import { StoreError, StoreStalledError, StoreUnreachableError } from '../../../src/store/errors.ts'

const AWAY = new StoreUnreachableError('host:5432/db', 'can’t be used')

/** A watch over a server that takes nothing as long as it is away. */
function watched() {
  const told: string[] = []
  const server = { isAway: true, tries: 0 }
  const watch = new ServerWatch({
    tryWriting: async () => {
      server.tries += 1
      if (server.isAway) throw AWAY
    },
    onBegin: (detail) => told.push(detail),
    onEnd: () => told.push('back'),
  })
  onTestFinished(() => watch.stop())
  return { watch, server, told }
}

test('a server that is met away is told of once, and tried until something can be written', async () => {
  const { watch, server, told } = watched()
  expect(watch.isAway).toBe(false)
  watch.met(AWAY)
  watch.met(AWAY)
  expect(told).toEqual([AWAY.message])
  while (server.tries === 0) await pause(20)
  expect(watch.isAway).toBe(true)
  server.isAway = false
  while (watch.isAway) await pause(20)
  expect(told).toEqual([AWAY.message, 'back'])
})

test('a server that may be back is tried at once', async () => {
  const { watch, server, told } = watched()
  watch.again()
  expect(server.tries).toBe(0)
  watch.met(AWAY)
  server.isAway = false
  watch.again()
  await pause(0)
  expect(told).toEqual([AWAY.message, 'back'])
})

test('only a server that is away is waited for', () => {
  expect(waitsForServer(AWAY)).toBe(true)
  expect(waitsForServer(new StoreStalledError('host:5432/db', { on: 'server' }))).toBe(true)
  expect(waitsForServer(new StoreStalledError('file', { on: 'disk' }))).toBe(false)
  expect(waitsForServer(new StoreError('file', 'is broken'))).toBe(false)
})
