import fs from 'node:fs'
import { afterAll, expect } from 'vitest'

/** Files of tests share a process: each has to leave what belongs to all of them as it found it. */
const found = shared()

afterAll(() => expect(shared()).toEqual(found))

/** What a test can change for others: settings, listeners of errors, and functions that a clock or a watch stands in for. */
function shared() {
  const { VITEST_POOL_ID: _, ...env } = process.env
  return {
    env,
    directory: process.cwd(),
    umask: process.umask(),
    exitCode: process.exitCode,
    onError: process.listeners('uncaughtException'),
    onRejection: process.listeners('unhandledRejection'),
    clock: [Date, performance.now, setTimeout, setInterval, setImmediate, queueMicrotask],
    disk: { ...fs },
  }
}
