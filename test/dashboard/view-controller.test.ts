import { expect, onTestFinished, test, vi } from 'vitest'
import type { Key } from '../../src/dashboard/keys/key.ts'
import { frameLines } from '../../src/dashboard/lines/frame.ts'
import { ASCII_GLYPHS } from '../../src/dashboard/text/glyphs.ts'
import { ViewController } from '../../src/dashboard/view-controller.ts'
import type { FeedEvent, FeedFact } from '../../src/service/feed/event-feed-event.ts'
import { FEED_WORDS } from '../../src/service/feed/feed-words.ts'
import { moved, ready, stamped, T0 } from './scenario.ts'

function problem(seq: number): FeedEvent {
  return { v: 1, seq, at: seq, type: 'problem', detail: `number ${seq}` }
}

test('while the terminal takes nothing, events are taken and nothing is drawn; then the newest state is', async () => {
  let [isFree, seq, drawn] = [true, 0, 0]
  const controller = new ViewController({
    source: {
      take: () => {
        seq += 1
        return [problem(seq)]
      },
      now: () => 0,
      note: () => undefined,
    },
    isFree: () => isFree,
    isListeners: true,
    words: FEED_WORDS,
    frameMs: 1,
    tickMs: 1_000,
  })
  controller.subscribe(() => {
    drawn += 1
  })
  controller.start()
  onTestFinished(() => controller.stop())
  await vi.waitFor(() => expect(drawn).toBeGreaterThan(1))
  isFree = false
  const [before, taken] = [drawn, seq]
  await vi.waitFor(() => expect(seq).toBeGreaterThan(taken + 3))
  controller.press({ name: 'text', text: '?' })
  expect(drawn).toBe(before)
  isFree = true
  await vi.waitFor(() => expect(drawn).toBeGreaterThan(before))
  expect(controller.picture().board.problem?.text).toBe(`number ${seq}`)
  expect(controller.picture().ui.view).toBe('help')
})

function letter(text: string): Key {
  return { name: 'text', text }
}

function viewOf(isListeners: boolean, ...facts: readonly FeedFact[]): ViewController {
  let events = stamped(T0, ready(), ...facts)
  const take = (): typeof events => {
    const taken = events
    events = []
    return taken
  }
  const controller = new ViewController({
    source: { take, now: () => T0, note: () => undefined },
    isFree: () => true,
    isListeners,
    words: FEED_WORDS,
    frameMs: 1,
    tickMs: 1_000,
  })
  controller.start()
  onTestFinished(() => controller.stop())
  return controller
}

const UNDER_WAY = moved('aaaa1111', 'READING_REQUEST', T0)

function lastLine(controller: ViewController): string {
  const picture = controller.picture()
  const screen = { columns: 80, rows: 24, glyphs: ASCII_GLYPHS, now: T0 }
  const lines = frameLines(picture, { ...screen, words: FEED_WORDS, isListeners: true })
  return (lines.at(-1) ?? []).map(({ text }) => text).join('')
}

test('q stops a listener at once while nothing is under way, and leaves a view of another one at once', () => {
  expect(viewOf(true).press(letter('q'))).toBe(true)
  expect(viewOf(false, UNDER_WAY).press(letter('q'))).toBe(true)
})

test('q asks before it stops a listener with sessions under way; only y says yes', () => {
  const view = viewOf(true, UNDER_WAY)
  expect(view.press(letter('q'))).toBe(false)
  expect(lastLine(view)).toContain('1 session is under way. Stop the listener? y')
  expect(view.press(letter('q'))).toBe(false)
  expect(lastLine(view)).not.toContain('Stop the listener')
  expect(view.press(letter('y'))).toBe(false)
  view.press(letter('q'))
  expect(view.press(letter('y'))).toBe(true)
})

test('a q in a filter is a letter', () => {
  const view = viewOf(true)
  view.press(letter('/'))
  expect(view.press(letter('q'))).toBe(false)
  expect(view.picture().ui.filter).toBe('q')
})
