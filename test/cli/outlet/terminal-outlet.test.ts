import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { settled } from '../../../src/cli/outlet/outlet.ts'
import { TerminalOutlet } from '../../../src/cli/outlet/terminal-outlet.ts'

const { O_NONBLOCK, O_RDONLY, O_WRONLY } = constants

/** A pipe with a name takes some, and then nothing, as a terminal that nobody reads does. */
function unreadPipe(onGone: (error: unknown) => void = () => undefined) {
  const directory = mkdtempSync(join(tmpdir(), 'taleus-outlet-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'pipe')
  execFileSync('mkfifo', [path])
  const reader = openSync(path, O_RDONLY | O_NONBLOCK)
  const writer = openSync(path, O_WRONLY | O_NONBLOCK)
  onTestFinished(() => closeSync(writer))
  const read = (): string => {
    const bytes = Buffer.alloc(1 << 20)
    try {
      return bytes.subarray(0, readSync(reader, bytes)).toString()
    } catch {
      return ''
    }
  }
  return { outlet: new TerminalOutlet(writer, onGone), read, close: () => closeSync(reader) }
}

test('what a terminal does not take waits, in order, and nobody waits for it', async () => {
  const { outlet, read, close } = unreadPipe()
  onTestFinished(close)
  const lines = Array.from(
    { length: 5_000 },
    (_, n) => `line ${n}, with an ö and some more to it\n`,
  )
  for (const line of lines) outlet.write(line)
  expect(outlet.waiting).toBeGreaterThan(0)
  let heard = ''
  await vi.waitFor(
    () => {
      heard += read()
      expect(heard.length).toBe(lines.join('').length)
    },
    { timeout: 20_000, interval: 5 },
  )
  expect(heard).toBe(lines.join(''))
  expect(outlet.waiting).toBe(0)
})

test('for a terminal that takes nothing only so much is kept', () => {
  const { outlet, close } = unreadPipe()
  onTestFinished(close)
  const text = 'x'.repeat(100_000)
  for (let n = 0; n < 200; n += 1) outlet.write(text)
  expect(outlet.waiting).toBeLessThan(5_000_000)
})

test('the end does not wait for a terminal that takes nothing', async () => {
  const { outlet, close } = unreadPipe()
  onTestFinished(close)
  outlet.write('x'.repeat(1_000_000))
  await settled([outlet])
  expect(outlet.waiting).toBeGreaterThan(0)
})

test('a terminal that is gone is told once, and what is written after that is nothing to anybody', () => {
  const onGone = vi.fn<(error: unknown) => void>()
  const { outlet, close } = unreadPipe(onGone)
  close()
  outlet.write('hello')
  outlet.write('anybody?')
  expect(onGone).toHaveBeenCalledTimes(1)
  expect(outlet.waiting).toBe(0)
})
