import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DialProgress, progressStyle } from '../../../src/cli/bootstrap/dial-progress.ts'

const A = '/ip4/172.17.0.1/tcp/4710'
const B = '/ip4/10.0.0.1/tcp/4710'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function screen(style: 'passing' | 'lines' | 'none') {
  const written: string[] = []
  const stream = { isTTY: true, columns: 60, write: (text: string) => written.push(text) > 0 }
  const progress = new DialProgress(stream as never, style)
  return { progress, written }
}

test('an inviter who answers within a second is not worth a word', () => {
  const { progress, written } = screen('passing')
  progress.hear({ address: A })
  vi.advanceTimersByTime(900)
  progress.clear()
  vi.advanceTimersByTime(10_000)
  expect(written).toEqual([])
})

test('whoever waits sees one line, within the terminal, that is gone afterwards', () => {
  const { progress, written } = screen('passing')
  progress.hear({ address: A })
  progress.hear({ address: B })
  progress.hear({ address: A, problem: 'nobody listens there' })
  vi.advanceTimersByTime(3_000)
  expect(written.at(-1)).toContain(`3 s, at ${B}, 1`)
  for (const text of written) {
    expect(text.startsWith('\r\u001b[2K')).toBe(true)
    expect(text.length).toBeLessThanOrEqual('\r\u001b[2K'.length + 59)
  }
  progress.clear()
  expect(written.at(-1)).toBe('\r\u001b[2K')
  vi.advanceTimersByTime(3_000)
  expect(written.at(-1)).toBe('\r\u001b[2K')
})

test('as lines each address is told once when it is tried, and once when it has failed; nothing moves', () => {
  const { progress, written } = screen('lines')
  progress.hear({ address: A })
  vi.advanceTimersByTime(1_000)
  progress.hear({ address: A, problem: 'nobody listens there' })
  progress.hear({ address: B })
  vi.advanceTimersByTime(5_000)
  progress.clear()
  expect(written).toEqual([
    `Looking for the inviter, 1 s, at ${A}\n`,
    `Looking for the inviter, 2 s, at ${B}\n`,
    `  ${A}: nobody listens there\n`,
  ])
})

test('where all have failed and it is tried again, no address is told to be tried', () => {
  const { progress, written } = screen('passing')
  progress.hear({ address: A, problem: 'nobody listens there' })
  vi.advanceTimersByTime(1_000)
  expect(written.at(-1)).toContain('Looking for the inviter, 1 s, 1 failed:')
  progress.clear()
})

test('each address is kept with what came of it, also where nobody watches', () => {
  const { progress, written } = screen('none')
  progress.hear({ address: A })
  progress.hear({ address: B })
  progress.hear({ address: A, problem: 'nobody listens there' })
  vi.advanceTimersByTime(5_000)
  expect(written).toEqual([])
  expect(progress.attempts).toEqual([
    { address: A, problem: 'nobody listens there' },
    { address: B, problem: 'no answer in time' },
  ])
})

test.each([
  ['on a terminal', { isTTY: true }, {}, false, 'passing'],
  ['on a plain terminal', { isTTY: true }, { TALEUS_PLAIN: '1' }, false, 'lines'],
  ['on a terminal that is read out', { isTTY: true }, { ACCESSIBLE: '1' }, false, 'lines'],
  ['in a log', { isTTY: false }, {}, false, 'lines'],
  ['under --quiet or --json', { isTTY: true }, {}, true, 'none'],
] as const)('progress %s', (_, stream, env, isSilent, style) => {
  expect(progressStyle(stream, env, isSilent)).toBe(style)
})
