import { expect, it, onTestFinished } from 'vitest'
import { AttachedSource } from '../../../src/cli/dashboard/attached-source.ts'
import { ControlBusyError } from '../../../src/service/errors.ts'
import type { FeedEvent } from '../../../src/service/feed/event-feed-event.ts'
import { ready, stamped, T0 } from '../../dashboard/scenario.ts'

/** A listener that says so many things and then is gone. */
function following(events: readonly FeedEvent[], stays: Promise<void> = Promise.resolve()) {
  return {
    close: () => undefined,
    async *[Symbol.asyncIterator]() {
      yield* events
      await stays
    },
  }
}

async function sourceOf(follows: (ReturnType<typeof following> | undefined)[]) {
  const source = new AttachedSource({
    follow: async () => follows.shift(),
    details: async () => ({
      identity: { 'na\u0007me': 'B\u001bob' },
      words: undefined,
      transitions: [],
    }),
  })
  onTestFinished(() => source.stop())
  return { source, isAttached: await source.start() }
}

async function taken(source: AttachedSource, count: number): Promise<readonly FeedEvent[]> {
  const events: FeedEvent[] = []
  await expect
    .poll(() => events.push(...source.take()), { timeout: 20_000 })
    .toBeGreaterThanOrEqual(count)
  return events
}

it('without a listener it is not attached', async () => {
  expect((await sourceOf([undefined])).isAttached).toBe(false)
})

it('a listener that is gone is waited for, and said to be', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  onTestFinished(() => resolve())
  const again = following(stamped(T0 + 1, ready()), promise)
  const { source } = await sourceOf([following(stamped(T0, ready())), undefined, again])
  expect(await taken(source, 1)).toMatchObject([{ at: T0 }])
  await expect.poll(() => source.note()).toContain('waiting')
  expect(await taken(source, 1)).toMatchObject([{ at: T0 + 1 }])
  expect(source.note()).toBeUndefined()
})

it('a listener that comes back with no place left for a view is told apart from one that is gone', async () => {
  const full = new ControlBusyError('all 32 places of those who follow it are taken')
  let answer: ReturnType<typeof following> | Error | undefined = following([])
  const source = new AttachedSource({
    follow: async () => {
      if (answer instanceof Error) throw answer
      return answer
    },
    details: async () => ({ identity: {}, words: undefined, transitions: [] }),
  })
  onTestFinished(() => source.stop())
  await source.start()
  const note = () => source.note()
  answer = full
  await expect.poll(note, { timeout: 20_000 }).toContain('no place left for a view; waiting')
  answer = undefined
  await expect.poll(note, { timeout: 20_000 }).toContain('gone; waiting for it to come back')
})

it('while nobody takes, the listener is not read from without end', async () => {
  let read = 0
  const endless = {
    close: () => undefined,
    async *[Symbol.asyncIterator]() {
      for (;;) {
        read += 1
        yield* stamped(T0, { type: 'problem', detail: String(read) })
      }
    },
  }
  const { source } = await sourceOf([endless])
  await expect.poll(() => read).toBeGreaterThan(8_000)
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate)
  const before = read
  expect(before).toBeLessThan(10_000)
  expect(source.take()).toHaveLength(before)
  await expect.poll(() => read).toBeGreaterThan(before)
})
