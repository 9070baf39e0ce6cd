import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import { DEFAULT_SESSION_CONFIG } from '../../../src/session/config/session-config.ts'
import { SessionEmitter } from '../../../src/session/trace/session-emitter.ts'
import type { SessionEvents } from '../../../src/session/trace/session-events.ts'

test('a commit that failed for many is told of once, another failure and a later one again', () => {
  let time = 10_000
  const told: string[] = []
  const emitter = new EventEmitter<SessionEvents>()
  emitter.on('storeFailed', (error) => told.push(`${time} ${String(error)}`))
  const clock = { monotonic: () => time }
  const news = new SessionEmitter(emitter, clock, DEFAULT_SESSION_CONFIG)
  for (let session = 0; session < 100; session += 1) news.storeFailed(new Error('no room'))
  news.storeFailed(new Error('not readable'))
  time += 900
  news.storeFailed(new Error('not readable'))
  time += 1_100
  news.storeFailed(new Error('not readable'))
  expect(told).toEqual([
    '10000 Error: no room',
    '10000 Error: not readable',
    '12000 Error: not readable',
  ])
})
