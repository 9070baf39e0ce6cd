import { expect, test } from 'vitest'
import {
  type RaceAttempt,
  type RaceOptions,
  raceAttempts,
} from '../../../src/network/base/race-attempts.ts'

/** An attempt that ends when the test says so, or is given up. */
class Attempt implements RaceAttempt<string> {
  readonly #end = Promise.withResolvers<string>()
  readonly begun = Promise.withResolvers<void>()
  hasBegun = false
  isGivenUp = false
  taken = false

  async run(signal: AbortSignal): Promise<string> {
    this.hasBegun = true
    this.begun.resolve()
    signal.addEventListener('abort', () => {
      this.isGivenUp = true
    })
    return await this.#end.promise
  }

  isTaken(): boolean {
    return this.taken
  }

  readonly latestMs?: number

  constructor(latestMs?: number) {
    if (latestMs !== undefined) this.latestMs = latestMs
  }

  win(prize: string): void {
    this.#end.resolve(prize)
  }

  fail(problem: string): void {
    this.#end.reject(new Error(problem))
  }
}

const NEVER = 1_000_000

function race(count: number, given: Partial<RaceOptions<string>> = {}) {
  const attempts = Array.from({ length: count }, () => new Attempt())
  const discarded: string[] = []
  const end = raceAttempts(attempts, {
    staggerMs: NEVER,
    takenStaggerMs: NEVER,
    signal: new AbortController().signal,
    discard: (prize) => discarded.push(prize),
    ...given,
  })
  const [a = new Attempt(), b = new Attempt(), c = new Attempt()] = attempts
  return { a, b, c, end, discarded }
}

test('the next attempt begins at once when one has failed, and not before', async () => {
  const { a, b, c, end } = race(3)
  expect([a.hasBegun, b.hasBegun]).toEqual([true, false])
  a.fail('away')
  await b.begun.promise
  expect(c.hasBegun).toBe(false)
  b.win('second')
  expect(await end).toBe('second')
  expect(c.hasBegun).toBe(false)
})

test('of attempts beside each other the first to succeed wins, and the others are given up', async () => {
  const { a, b, c, end } = race(3, { staggerMs: 1 })
  await c.begun.promise
  b.win('second')
  expect(await end).toBe('second')
  expect([a.isGivenUp, c.isGivenUp]).toEqual([true, true])
})

test('a prize that comes too late is got rid of', async () => {
  const { a, b, end, discarded } = race(2, { staggerMs: 1 })
  await b.begun.promise
  b.win('second')
  a.win('first')
  expect(await end).toBe('second')
  expect(discarded).toEqual(['first'])
})

test('while somebody is at work on an attempt the next one waits for longer', async () => {
  const { a, b, end } = race(2, { staggerMs: 0 })
  a.taken = true
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(b.hasBegun).toBe(false)
  a.win('first')
  expect(await end).toBe('first')
})

test('somebody who is at work for too long keeps the next attempt from beginning no more', async () => {
  const { a, b, end } = race(2, { staggerMs: 0, takenStaggerMs: 5 })
  a.taken = true
  await b.begun.promise
  b.win('second')
  expect(await end).toBe('second')
})

test('when all have failed each failure is told, in its place', async () => {
  const told: string[] = []
  const failed = (index: number, error: unknown): void =>
    void told.push(`${index} ${String(error)}`)
  const { a, b, end } = race(2, { staggerMs: 1, failed })
  await b.begun.promise
  b.fail('refused')
  a.fail('silent')
  const failures = [
    [1, new Error('refused')],
    [0, new Error('silent')],
  ] as const
  await expect(end).rejects.toMatchObject({ code: 'race_lost', failures: new Map(failures) })
  expect(told).toEqual(['1 Error: refused', '0 Error: silent'])
})

test('a race that is given up gives up its attempts, and begins no more', async () => {
  const given = new AbortController()
  const { a, b, end } = race(2, { signal: given.signal, staggerMs: 1_000 })
  given.abort()
  await expect(end).rejects.toMatchObject({ code: 'race_lost' })
  expect([a.isGivenUp, b.hasBegun]).toEqual([true, false])
  await expect(race(1, { signal: given.signal }).end).rejects.toMatchObject({ code: 'race_lost' })
})

test('one with a latest time begins then, whatever those before it do, and is not begun again', async () => {
  const slow = new Attempt()
  const waiting = new Attempt()
  const relayed = new Attempt(5)
  slow.taken = true
  const end = raceAttempts([slow, waiting, relayed], {
    staggerMs: NEVER,
    takenStaggerMs: NEVER,
    signal: new AbortController().signal,
    discard: () => undefined,
  })
  await relayed.begun.promise
  expect(waiting.hasBegun).toBe(false)
  slow.fail('away')
  relayed.fail('away')
  await waiting.begun.promise
  waiting.win('last')
  expect(await end).toBe('last')
})
