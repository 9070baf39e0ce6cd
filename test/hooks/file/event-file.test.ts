import { mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { EventFile } from '../../../src/hooks/file/event-file.ts'
import type { SessionAuditEvent } from '../../../src/hooks/session-hooks.ts'
import { temporaryDirectory } from '../../support/cli/temporary-directory.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

function eventOf(type: SessionAuditEvent['type'], n: number): SessionAuditEvent {
  return { type, at: n, severity: 'info', data: { n } } as SessionAuditEvent
}

it('has a line for each transition, and for nothing else', async () => {
  const path = join(await temporaryDirectory(), 'events.jsonl')
  const events = new EventFile(path)
  events.logSession('s', eventOf('state', 1))
  events.logSession('s', eventOf('token', 2))
  events.logSession('t', eventOf('state', 3))
  events.flush()
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { v: 1, at: 1, type: 'state', sessionId: 's', data: { n: 1 } },
    { v: 1, at: 3, type: 'state', sessionId: 't', data: { n: 3 } },
  ])
  expect((await stat(path)).mode & 0o777).toBe(0o600)
})

it('counts what did not fit between two writes', async () => {
  const path = join(await temporaryDirectory(), 'events.jsonl')
  const events = new EventFile(path)
  for (let n = 0; n < 10_003; n += 1) events.logSession('s', eventOf('state', n))
  events.flush()
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
  expect(lines).toHaveLength(10_001)
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ v: 1, dropped: 3 })
})

it('a file that can’t be written is told once, and what it lost is counted in it when it can be', async () => {
  const path = join(await temporaryDirectory(), 'events.jsonl')
  mkdirSync(path)
  const file = new EventFile(path)
  const log = () => file.logSession('s', eventOf('state', 1))
  log()
  vi.advanceTimersByTime(1_000)
  expect(log).toThrow('EISDIR')
  expect(log).not.toThrow()
  vi.advanceTimersByTime(1_000)
  expect(log).not.toThrow()
  rmdirSync(path)
  vi.advanceTimersByTime(1_000)
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { v: 1, at: 1, type: 'state', sessionId: 's', data: { n: 1 } },
    { v: 1, dropped: 3 },
  ])
})
