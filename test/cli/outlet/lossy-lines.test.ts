import { expect, onTestFinished, test, vi } from 'vitest'
import { LossyLines } from '../../../src/cli/outlet/lossy-lines.ts'
import type { Outlet } from '../../../src/cli/outlet/outlet.ts'
import { line } from '../../../src/cli/text/screen-text.ts'

/** A reader that takes what it is told to. */
class Reader implements Outlet {
  waiting = 0
  readonly heard: string[] = []

  write(text: string): void {
    this.heard.push(text)
    this.waiting += text.length
  }
}

function linesOf(reader: Outlet): LossyLines {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  return new LossyLines(reader, (count) => line(`missed ${count}`), 40)
}

test('each line is written while its reader takes them', () => {
  const reader = new Reader()
  const lines = linesOf(reader)
  for (let n = 0; n < 100; n += 1) {
    lines.add(line(`line ${n}`))
    reader.waiting = 0
  }
  expect(reader.heard).toHaveLength(100)
})

test('for a reader that takes nothing only the bound waits, however much happens; the rest is counted', () => {
  const reader = new Reader()
  const lines = linesOf(reader)
  for (let n = 0; n < 10_000; n += 1) lines.add(line('0123456789'))
  expect(reader.waiting).toBeLessThanOrEqual(40 + 11)
  const kept = reader.heard.length
  reader.waiting = 0
  vi.advanceTimersByTime(1_000)
  expect(reader.heard.slice(kept)).toEqual([`missed ${10_000 - kept}\n`])
  lines.add(line('on it goes'))
  expect(reader.heard.at(-1)).toBe('on it goes\n')
})

test('lines go on only after the gap was told', () => {
  const reader = new Reader()
  const lines = linesOf(reader)
  for (let n = 0; n < 10; n += 1) lines.add(line('0123456789'))
  const kept = reader.heard.length
  reader.waiting = 0
  lines.add(line('later'))
  expect(reader.heard.slice(kept)).toEqual([`missed ${10 - kept}\n`, 'later\n'])
})

test('the last line is written whatever waits, and before it how many were missed', () => {
  const reader = new Reader()
  const lines = linesOf(reader)
  for (let n = 0; n < 10; n += 1) lines.add(line('0123456789'))
  const kept = reader.heard.length
  lines.end(line('stopped'))
  expect(reader.heard.slice(kept)).toEqual([`missed ${10 - kept}\n`, 'stopped\n'])
  vi.advanceTimersByTime(10_000)
  expect(reader.heard.at(-1)).toBe('stopped\n')
})
