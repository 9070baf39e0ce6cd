import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BootstrapProgress } from '../../../src/cli/bootstrap/bootstrap-progress.ts'
import { WaitProgress } from '../../../src/cli/bootstrap/wait-progress.ts'
import type { WaitNews } from '../../../src/service/waiting/not-yet.ts'

const MINUTE = 60_000
const BEGAN = Date.parse('2026-12-01T12:00:00Z')

beforeEach(() => void vi.useFakeTimers({ now: BEGAN }))
afterEach(() => void vi.useRealTimers())

function screen(style: 'passing' | 'lines' | 'none') {
  const written: string[] = []
  const stream = { isTTY: true, columns: 80, write: (text: string) => written.push(text) > 0 }
  return { written, stream: stream as never, style }
}

/** A pause that begins now, of somebody who has waited from the beginning. */
function away(pauseMs: number, more: Partial<WaitNews> = {}): WaitNews {
  const nextTryAt = Date.now() + pauseMs
  const until = BEGAN + 60 * MINUTE
  return { kind: 'away', code: 'unreachable', since: BEGAN, until, nextTryAt, ...more }
}

test('a terminal shows one line that counts down to the next try, and is gone afterwards', () => {
  const { written, stream, style } = screen('passing')
  const progress = new WaitProgress(stream, style)
  progress.hear(away(12_000))
  expect(written.at(-1)).toContain('inviter not reached; next try in 12 s, until ')
  vi.advanceTimersByTime(5_000)
  expect(written.at(-1)).toContain('next try in 7 s')
  vi.advanceTimersByTime(8_000)
  expect(written.at(-1)).toContain('next try now')
  for (const text of written) expect(text.length).toBeLessThanOrEqual('\r\u001b[2K'.length + 79)
  progress.clear()
  const { length } = written
  vi.advanceTimersByTime(10_000)
  expect(written.at(-1)).toBe('\r\u001b[2K')
  expect(written).toHaveLength(length)
})

test('a log is told once what is waited for, and every ten minutes that it still is', () => {
  const { written, stream, style } = screen('lines')
  const progress = new WaitProgress(stream, style)
  for (let pauses = 0; pauses < 44; pauses += 1) {
    progress.hear(away(30_000))
    vi.advanceTimersByTime(30_000)
  }
  expect(written).toHaveLength(4)
  expect(written[0]).toMatch(
    /^Waiting: inviter not reached, since 2026-12-01T.*next try in 30 s\n$/,
  )
  expect(written[1]).toContain('^C leaves it')
  expect(written[2]).toMatch(/^Still waiting: inviter not reached/)
  progress.hear(away(30_000, { kind: 'busy', code: 'draining' }))
  expect(written.at(-1)).toMatch(/^Waiting: inviter was stopping/)
})

test('where nobody wants to hear of it nothing is written, and what was waited for is known', () => {
  const { written, stream, style } = screen('none')
  const progress = new WaitProgress(stream, style)
  progress.hear(away(30_000))
  vi.advanceTimersByTime(MINUTE)
  expect(written).toEqual([])
  expect(progress.latest).toMatchObject({ code: 'unreachable' })
})

test('once it is waited for longer, addresses are not told any more, and still kept', () => {
  const { written, stream, style } = screen('passing')
  const progress = new BootstrapProgress(stream, style)
  const address = '/ip4/10.0.0.1/tcp/4710'
  progress.hearDial({ address })
  vi.advanceTimersByTime(2_000)
  expect(written.at(-1)).toContain('Looking for the inviter')
  progress.hearWait(away(30_000))
  progress.hearDial({ address })
  progress.hearDial({ address, problem: 'nobody listens there' })
  vi.advanceTimersByTime(10_000)
  expect(written.at(-1)).toContain('Waiting since')
  expect(progress.attempts).toEqual([{ address, problem: 'nobody listens there' }])
  progress.clear()
  expect(written.at(-1)).toBe('\r\u001b[2K')
})
