import { expect, onTestFinished, test, vi } from 'vitest'
import { ViewController } from '../../src/dashboard/view-controller.ts'
import type { FeedEvent } from '../../src/service/feed/event-feed-event.ts'

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
