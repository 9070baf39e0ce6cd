import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import {
  type No,
  type NotYet,
  notYetAfter,
  type WaitNews,
} from '../../../src/service/waiting/not-yet.ts'
import { Patience, type PatienceOptions } from '../../../src/service/waiting/patience.ts'
import { type Asking, persist } from '../../../src/service/waiting/persist.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

class AwayError extends Error {
  readonly code = 'unreachable'
}

type Said = No | 'yes' | 'away' | NotYet

/** Said at a time, in ms from the beginning. */
type SaidAt = (at: number) => Said

/** Somebody who gives these answers, the last one again and again, in time that a test moves on. */
class Somebody {
  readonly clock = new VirtualClock()
  /** When it was asked, ms from the beginning. */
  readonly asked: number[] = []
  readonly given: number[] = []
  readonly news: WaitNews[] = []
  readonly patience: Patience
  readonly #answers: readonly (Said | SaidAt)[]

  constructor(options: PatienceOptions, ...answers: readonly (Said | SaidAt)[]) {
    this.patience = new Patience(this.clock, options, () => 0.5)
    this.#answers = answers
  }

  /** Asks until there is an answer, and gives it or the error's code. */
  async go(more: Partial<Asking<Said>> = {}): Promise<Said> {
    let over: { readonly said: Said } | undefined
    const ask = async (ms: number): Promise<Said> => {
      this.asked.push(this.clock.monotonic())
      this.given.push(ms)
      const answer = this.#answers[Math.min(this.asked.length, this.#answers.length) - 1] ?? 'yes'
      const said = typeof answer === 'function' ? answer(this.clock.monotonic()) : answer
      if (said === 'away') throw new AwayError('nobody there')
      return said
    }
    const asking: Asking<Said> = {
      patience: this.patience,
      signal: new AbortController().signal,
      ask,
      notYetIn,
      hear: (news) => void this.news.push(news),
      ...more,
    }
    void persist(asking).then(
      (said) => (over = { said }),
      ({ code }) => (over = { said: { code } }),
    )
    for (let turns = 0; over === undefined && turns < 100_000; turns += 1) {
      await turn()
      if (over === undefined) this.clock.advance(100)
    }
    if (over === undefined) throw new Error('it never ends')
    return over.said
  }
}

function notYetIn(said: Said): NotYet | undefined {
  if (typeof said === 'string') return undefined
  return 'kind' in said ? said : notYetAfter(said)
}

describe('whoever is told to come again', () => {
  it('"at once" makes a pause all the same', async () => {
    const somebody = new Somebody({ timeoutMs: 600 }, { code: 'busy', retryAfterMs: 0 })
    expect(await somebody.go()).toMatchObject({ code: 'busy' })
    expect(somebody.asked.length).toBeGreaterThan(1)
    expect(somebody.asked.length).toBeLessThanOrEqual(3)
  })

  it.each(['busy', 'rate_limited', 'draining', 'in_progress', 'paused'])(
    'does so after %s',
    async (code) => {
      const somebody = new Somebody({ timeoutMs: 30_000 }, { code, retryAfterMs: 1 }, 'yes')
      expect(await somebody.go()).toBe('yes')
      const [first = 0, second = 0, ...more] = somebody.given
      expect(more).toEqual([])
      expect(second).toBeLessThan(first)
    },
  )

  it('does not wait for a time that it has not got', async () => {
    const busy = { code: 'busy', retryAfterMs: 30_000 }
    const somebody = new Somebody({ timeoutMs: 20_000 }, busy, 'yes')
    expect(await somebody.go()).toMatchObject(busy)
    expect(somebody.asked).toHaveLength(1)
  })

  it.each([{ timeoutMs: 30_000 }, { timeoutMs: 30_000, waitMs: HOUR }])(
    'does not insist where a "no" is meant (%o)',
    async (options) => {
      const somebody = new Somebody(options, { code: 'revoked', retryAfterMs: 1 }, 'yes')
      expect(await somebody.go()).toMatchObject({ code: 'revoked' })
      expect(somebody.asked).toHaveLength(1)
    },
  )

  it('stops when the user does', async () => {
    const controller = new AbortController()
    const busy = { code: 'busy', retryAfterMs: 20_000 }
    const somebody = new Somebody({ timeoutMs: 60_000 }, busy, 'yes')
    const hear = (): void => void setImmediate(() => controller.abort())
    expect(await somebody.go({ signal: controller.signal, hear })).toMatchObject({ code: 'busy' })
    expect(somebody.asked).toHaveLength(1)
  })
})

describe('whoever waits for somebody who is away', () => {
  const waiting = { timeoutMs: 30_000, waitMs: HOUR }

  it('is not waited for where nobody has said so', async () => {
    const somebody = new Somebody({ timeoutMs: 30_000 }, 'away', 'yes')
    expect(await somebody.go()).toMatchObject({ code: 'unreachable' })
    expect(somebody.asked).toHaveLength(1)
  })

  it('has what it waits for soon after it is there, in proportion to the time before', async () => {
    const somebody = new Somebody(waiting, ...Array<Said>(12).fill('away'), 'yes')
    expect(await somebody.go()).toBe('yes')
    const [last = 0, before = 0] = somebody.asked.toReversed()
    expect(last - before).toBeLessThan(0.4 * last)
    expect(new Set(somebody.given)).toEqual(new Set([waiting.timeoutMs]))
  })

  it('dials some 140 times in an hour, never twice in a second, rarely after a while, and then gives up', async () => {
    const somebody = new Somebody(waiting, 'away')
    expect(await somebody.go()).toMatchObject({ code: 'unreachable' })
    const { asked } = somebody
    expect(asked.length).toBeLessThanOrEqual(140)
    expect(asked.length).toBeGreaterThan(90)
    const pauses = asked.slice(1).map((at, index) => at - (asked[index] ?? 0))
    expect(Math.min(...pauses.slice(0, -1))).toBeGreaterThan(1_000)
    expect(Math.min(...pauses.slice(20, -1))).toBeGreaterThan(30_000)
    expect(Math.max(...pauses)).toBeLessThan(40_000)
    // Once more at the very end.
    expect(asked.at(-1)).toBeGreaterThanOrEqual(HOUR)
    expect(asked.at(-1)).toBeLessThan(HOUR + 1_000)
  })

  it('is told of each pause: since when, until when, and when it is tried again', async () => {
    const somebody = new Somebody({ timeoutMs: 1_000, waitMs: MINUTE }, 'away')
    const began = somebody.clock.now()
    await somebody.go()
    const { news, asked } = somebody
    expect(news).toHaveLength(asked.length - 1)
    for (const [index, each] of news.entries()) {
      expect(each).toMatchObject({ kind: 'away', code: 'unreachable', since: began })
      expect(Math.abs(each.until - (began + MINUTE))).toBeLessThanOrEqual(1)
      expect(each.nextTryAt - began - (asked[index + 1] ?? 0)).toBeLessThanOrEqual(0)
    }
  })

  it('does not wait past the end that it is given', async () => {
    const somebody = new Somebody(waiting, 'away')
    somebody.patience.endBy(somebody.clock.now() + 2 * MINUTE)
    await somebody.go()
    expect(somebody.asked.at(-1)).toBeLessThan(2 * MINUTE + 1_000)
  })

  it('comes to a busy one when that has said, or later', async () => {
    const busy = { code: 'rate_limited', retryAfterMs: 2 * MINUTE }
    const somebody = new Somebody(waiting, busy, busy, 'yes')
    expect(await somebody.go()).toBe('yes')
    const [, second = 0, third = 0] = somebody.asked
    expect(second).toBeGreaterThanOrEqual(2 * MINUTE)
    expect(third - second).toBeGreaterThanOrEqual(2 * MINUTE)
  })

  it('does not hammer one who always says "at once"', async () => {
    const somebody = new Somebody(waiting, { code: 'busy', retryAfterMs: 0 })
    await somebody.go()
    expect(somebody.asked.length).toBeLessThanOrEqual(140)
  })
})

describe('whoever waits for a person’s yes', () => {
  const waiting = { timeoutMs: 30_000, waitMs: HOUR }
  const undecided: NotYet = { kind: 'undecided', code: 'pending', retryAfterMs: MINUTE }

  it('is there within a second of the news', async () => {
    const decidedAt = 17 * MINUTE
    const somebody = new Somebody(waiting, (at) => (at < decidedAt ? undecided : 'yes'))
    const { clock } = somebody
    const news = (): Promise<boolean> =>
      new Promise((resolve) => {
        clock.after(decidedAt - clock.monotonic(), () => resolve(true))
      })
    expect(await somebody.go({ news })).toBe('yes')
    const { asked } = somebody
    expect((asked.at(-1) ?? 0) - decidedAt).toBeLessThan(1_000)
    // Meanwhile it asks by itself, but seldom: a promise may be forgotten.
    expect(asked).toHaveLength(3)
  })

  it('believes news that comes to nothing less and less', async () => {
    const somebody = new Somebody(waiting, undecided)
    await somebody.go({ news: async () => true })
    expect(somebody.asked.length).toBeLessThanOrEqual(140)
  })

  it('comes when it was told to where nobody can tell it of news', async () => {
    const somebody = new Somebody(waiting, undecided, undecided, 'yes')
    expect(await somebody.go({ news: async () => false })).toBe('yes')
    expect(somebody.asked[2]).toBeGreaterThanOrEqual(2 * MINUTE)
  })

  it('waits as long as its place is kept, though the link has ended', async () => {
    const somebody = new Somebody(waiting, undecided)
    const began = somebody.clock.now()
    somebody.patience.endBy(began + MINUTE)
    const kept = { ...undecided, keptUntil: began + 30 * MINUTE }
    const longer = new Somebody(waiting, kept)
    longer.patience.endBy(longer.clock.now() + MINUTE)
    await somebody.go()
    await longer.go()
    expect(somebody.asked.at(-1)).toBeLessThanOrEqual(MINUTE)
    expect(longer.asked.at(-1)).toBeGreaterThan(28 * MINUTE)
    expect(longer.asked.at(-1)).toBeLessThanOrEqual(30 * MINUTE)
  })
})

it('the time that the user takes itself is not counted', async () => {
  const clock = new VirtualClock()
  const patience = new Patience(clock, { timeoutMs: 10_000 })
  const answer = await patience.notCounting(async () => {
    clock.advance(300)
    return 'yes'
  })
  expect(answer).toBe('yes')
  expect(patience.left).toBe(10_000)
  clock.advance(300)
  expect(patience.left).toBe(9_700)
})
