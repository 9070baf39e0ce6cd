import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CircuitBreaker, type Permit } from '../../../src/session/host/circuit-breaker.ts'

const LIMITS = { breakerFailures: 3, breakerPauseMs: 1_000 }

function breaker(limits = LIMITS) {
  const time = { now: 0 }
  const opened: number[] = []
  const subject = new CircuitBreaker(limits, { monotonic: () => time.now }, (row) =>
    opened.push(row),
  )
  const permit = (): Permit => {
    const answer = subject.ask()
    if ('retryAfterMs' in answer) throw new Error(`not permitted for ${answer.retryAfterMs} ms`)
    return answer
  }
  return { subject, time, opened, permit }
}

describe('a circuit breaker', () => {
  it('opens after so many failures in a row, and says when to come again', () => {
    const { subject, permit, time, opened } = breaker()
    for (let failure = 0; failure < 3; failure += 1) permit().failed()
    expect(subject.snapshot).toMatchObject({ state: 'open', retryAfterMs: 1_000 })
    time.now += 400
    expect(subject.ask()).toEqual({ retryAfterMs: 600 })
    expect(opened).toEqual([3])
    expect(subject.snapshot.turnedAway).toBe(1)
  })

  it('begins to count anew after each success', () => {
    const { subject, permit } = breaker()
    for (let round = 0; round < 10; round += 1) {
      permit().failed()
      permit().failed()
      permit().succeeded()
    }
    expect(subject.snapshot.state).toBe('closed')
  })

  it('is not opened by the failures of a burst that happen to come first', () => {
    const { subject, permit } = breaker()
    const burst = Array.from({ length: 100 }, permit)
    for (const each of burst.slice(0, 10)) each.failed()
    expect(subject.snapshot.state).toBe('closed')
    for (const each of burst.slice(10)) each.succeeded()
    expect(subject.snapshot.failuresInARow).toBe(0)
  })

  it('is opened by a row of failures that is longer than the calls under way, by one', () => {
    const { subject, permit } = breaker()
    const burst = Array.from({ length: 6 }, permit)
    for (const each of burst.slice(0, 3)) each.failed()
    expect(subject.snapshot).toMatchObject({ state: 'closed', failuresInARow: 3 })
    burst.at(3)?.failed()
    expect(subject.snapshot).toMatchObject({ state: 'open', failuresInARow: 4 })
  })

  it('opens when a whole burst hangs', () => {
    const { subject, permit } = breaker()
    const burst = Array.from({ length: 100 }, permit)
    for (const each of burst) each.failed()
    expect(subject.snapshot.state).toBe('open')
  })

  it('lets one call try after the pause: its success closes, its failure opens for another pause', () => {
    const { subject, permit, time } = breaker()
    for (let failure = 0; failure < 3; failure += 1) permit().failed()
    time.now += 1_000
    const probe = permit()
    expect(subject.snapshot.state).toBe('half_open')
    expect(subject.ask()).toMatchObject({ retryAfterMs: expect.any(Number) })
    probe.failed()
    expect(subject.snapshot).toMatchObject({ state: 'open', retryAfterMs: 1_000 })
    time.now += 1_000
    permit().succeeded()
    expect(subject.snapshot).toMatchObject({ state: 'closed', failuresInARow: 0 })
  })

  it('lets another one try if the first did not call after all', () => {
    const { permit, time } = breaker()
    for (let failure = 0; failure < 3; failure += 1) permit().failed()
    time.now += 1_000
    permit().unused()
    permit().succeeded()
  })

  it('takes only the first verdict', () => {
    const { subject, permit } = breaker()
    const one = permit()
    one.succeeded()
    for (let again = 0; again < 10; again += 1) one.failed()
    expect(subject.snapshot).toMatchObject({ state: 'closed', failuresInARow: 0 })
  })
})

/** The rule, told from the whole history each time. */
class Model {
  readonly #history: ('succeeded' | 'failed')[] = []
  readonly #out = new Set<number>()
  #openedAt: number | undefined
  #probe: number | undefined

  ask(id: number, now: number): boolean {
    if (this.#openedAt === undefined) {
      this.#out.add(id)
      return true
    }
    if (now < this.#openedAt + LIMITS.breakerPauseMs || this.#probe !== undefined) return false
    this.#probe = id
    return true
  }

  verdict(id: number, verdict: keyof Permit, now: number): void {
    const isProbe = this.#probe === id
    if (isProbe) this.#probe = undefined
    else this.#out.delete(id)
    if (verdict === 'unused') return
    if (this.#openedAt !== undefined && !isProbe && verdict === 'succeeded') return
    this.#history.push(verdict)
    if (verdict === 'succeeded') this.#openedAt = undefined
    else if (isProbe) this.#openedAt = now
    else if (this.#openedAt === undefined && this.#isRow()) this.#openedAt = now
  }

  #isRow(): boolean {
    const row = this.#history.length - 1 - this.#history.lastIndexOf('succeeded')
    return row >= LIMITS.breakerFailures && row > this.#out.size
  }
}

const step = fc.oneof(
  fc.record({ what: fc.constant('ask' as const) }),
  fc.record({
    what: fc.constant('verdict' as const),
    which: fc.nat({ max: 50 }),
    verdict: fc.constantFrom<keyof Permit>('failed', 'failed', 'failed', 'succeeded', 'unused'),
  }),
  fc.record({ what: fc.constant('pass' as const), ms: fc.nat({ max: 1_500 }) }),
)

it('a circuit breaker answers as the rule says, whatever is asked and whatever comes of it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const { subject, time } = breaker()
      const model = new Model()
      const out: { readonly id: number; readonly permit: Permit }[] = []
      let asked = 0
      for (const each of steps) {
        if (each.what === 'pass') time.now += each.ms
        else if (each.what === 'ask') {
          const id = ++asked
          const answer = subject.ask()
          const isPermitted = !('retryAfterMs' in answer)
          expect(isPermitted).toBe(model.ask(id, time.now))
          if (!('retryAfterMs' in answer)) out.push({ id, permit: answer })
        } else {
          const [taken] = out.splice(each.which % Math.max(1, out.length), 1)
          if (taken === undefined) continue
          taken.permit[each.verdict]()
          model.verdict(taken.id, each.verdict, time.now)
        }
      }
    }),
    { numRuns: 1_000 },
  )
})
