import { expect, it } from 'vitest'
import { awaitedText, sessionStateText } from '../../../src/cli/sessions/awaited-text.ts'

const NOW = Date.parse('2026-12-01T12:00:00Z')
const LAYOUT = { now: NOW, relative: true, unicode: true, width: 80 }
const SOON = '2026-12-02T12:00:00.000Z'
const OVER = '2026-11-30T12:00:00.000Z'

it.each([
  ['that waits', { reason: 'pending', pendingUntil: SOON }, '? waiting'],
  ['whose time is over', { reason: 'pending', pendingUntil: OVER }, '? asked'],
  ['after which another went on', { reason: 'pending', pendingUntil: null }, '? asked'],
  ['that has failed', { reason: 'unreachable', pendingUntil: null }, '✗ failed'],
])('a session %s is told as that', (_, session, text) => {
  expect(sessionStateText({ state: 'FAILED', ...session }, LAYOUT)).toBe(text)
})

it('it is said until when a request waits, and that it has lapsed', () => {
  const asked = { state: 'FAILED', reason: 'pending' }
  expect(awaitedText({ ...asked, pendingUntil: SOON }, LAYOUT)).toMatch(/, ends in 24 h$/)
  expect(awaitedText({ ...asked, pendingUntil: OVER }, LAYOUT)).toMatch(/, lapsed 24 h ago$/)
  expect(awaitedText({ ...asked, pendingUntil: null }, LAYOUT)).toBeUndefined()
})
