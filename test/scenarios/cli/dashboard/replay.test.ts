import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readRecording } from '../../../../src/cli/dashboard/recording.ts'
import { ReplaySource } from '../../../../src/cli/dashboard/replay-source.ts'
import { feedLine } from '../../../../src/service/feed/event-feed-lines.ts'
import { moved, ready, stamped, T0 } from '../../../dashboard/scenario.ts'
import { temporaryDirectory } from '../../../support/cli/temporary-directory.ts'

const EVENTS = [
  ...stamped(T0, ready()),
  ...stamped(T0 + 1_000, moved('a', 'READING_REQUEST', T0 + 1_000)),
  ...stamped(T0 + 3_000, moved('a', 'COMPLETED', T0 + 3_000, { tallyId: 't' })),
]

async function recording(...lines: readonly string[]): Promise<string> {
  const path = join(await temporaryDirectory(), 'recording.jsonl')
  await writeFile(path, lines.map((line) => `${line}\n`).join(''))
  return path
}

async function all(events: AsyncIterable<unknown>) {
  const found: unknown[] = []
  for await (const event of events) found.push(event)
  return found
}

async function* given(events: typeof EVENTS): AsyncGenerator<(typeof EVENTS)[number]> {
  yield* events
}

describe('a recording', () => {
  it('reads back what was recorded', async () => {
    const path = await recording(...EVENTS.map(feedLine))
    const events = await all(readRecording(path))
    expect(events).toEqual(EVENTS)
  })

  it('passes over what is no event', async () => {
    const path = await recording('', 'not json', ...EVENTS.map(feedLine), '{"type":"new","at":1}')
    expect(await all(readRecording(path))).toHaveLength(3)
  })

  it.each([
    ['an empty file', []],
    ['a file of something else', Array.from({ length: 500 }, () => 'x')],
  ])('that is %s is told to be none', async (_, lines) => {
    const path = await recording(...lines)
    await expect(all(readRecording(path))).rejects.toThrow('has no events')
  })

  it('that is not there is told of by name', async () => {
    await expect(all(readRecording('/nowhere/at-all'))).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('/nowhere/at-all'),
    })
  })
})

describe('playing', () => {
  async function player(speed: number) {
    let now = 500
    const source = new ReplaySource(given(EVENTS), speed, () => now)
    await source.start()
    return { source, pass: (ms: number) => (now += ms) }
  }

  it('tells each event when its time has come', async () => {
    const { source, pass } = await player(1)
    expect(source.take()).toHaveLength(1)
    pass(999)
    expect(source.take()).toHaveLength(0)
    pass(1)
    expect(source.take()).toMatchObject([{ state: 'READING_REQUEST' }])
    expect(source.note()).toBe('playing a recording, 1 x')
    pass(2_000)
    expect(source.take()).toMatchObject([{ state: 'COMPLETED' }])
    expect(source.note()).toContain('over')
  })

  it('goes as fast as it is told', async () => {
    const { source, pass } = await player(10)
    pass(300)
    expect(source.take()).toHaveLength(3)
  })

  it('has a clock of its own, which stops at the end', async () => {
    const { source, pass } = await player(2)
    expect(source.now()).toBe(T0)
    pass(500)
    expect(source.now()).toBe(T0 + 1_000)
    pass(100_000)
    expect(source.now()).toBe(T0 + 3_000)
  })
})
