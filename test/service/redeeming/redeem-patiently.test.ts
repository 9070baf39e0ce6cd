import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import {
  type RedeemActs,
  redeemPatiently,
} from '../../../src/service/redeeming/redeem-patiently.ts'
import type { HearWait, WaitNews } from '../../../src/service/waiting/not-yet.ts'
import { Patience } from '../../../src/service/waiting/patience.ts'
import type { BootstrapFailed, BootstrapOutcome } from '../../../src/session/dialer/outcome.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const MINUTE = 60_000
const LINK = {} as Parameters<RedeemActs['redeem']>[0]['link']

class AwayError extends Error {
  readonly code = 'unreachable'
}

function failed(reason: BootstrapFailed['reason'], more: Partial<BootstrapFailed> = {}) {
  const { disclosed = [] } = more
  const base = { completed: false, sessionId: 's', state: 'FAILED', step: 'CONNECTING' } as const
  return { ...base, reason, durationMs: 1, ...more, disclosed }
}

const DONE = { completed: true } as BootstrapOutcome

/** An inviter, by what it does at a time, ms from the beginning. */
class Inviter implements RedeemActs {
  readonly clock = new VirtualClock()
  readonly sessions: number[] = []
  readonly looks: number[] = []
  readonly lines: number[] = []
  readonly #outcome: (at: number) => BootstrapOutcome
  readonly #isThere: (at: number) => boolean
  readonly #answersAt: number

  constructor(
    outcome: (at: number) => BootstrapOutcome,
    isThere: (at: number) => boolean = () => true,
    answersAt = Number.POSITIVE_INFINITY,
  ) {
    this.#outcome = outcome
    this.#isThere = isThere
    this.#answersAt = answersAt
  }

  async redeem(): Promise<BootstrapOutcome> {
    this.sessions.push(this.clock.monotonic())
    return this.#outcome(this.clock.monotonic())
  }

  async inspect(): Promise<never> {
    this.looks.push(this.clock.monotonic())
    if (!this.#isThere(this.clock.monotonic())) throw new AwayError('away')
    return {} as never
  }

  async awaitAnswer(_link: unknown, { signal }: { signal: AbortSignal }) {
    this.lines.push(this.clock.monotonic())
    if (!this.#isThere(this.clock.monotonic())) throw new AwayError('away')
    const { promise, resolve } = Promise.withResolvers<'answered' | 'lost'>()
    signal.addEventListener('abort', () => resolve('lost'))
    const look = (): void => {
      const at = this.clock.monotonic()
      if (at >= this.#answersAt) resolve('answered')
      else if (this.#isThere(at)) this.clock.after(500, look)
      else resolve('lost')
    }
    look()
    return await promise
  }

  /** Redeems, and waits for so long. */
  async go(waitMs: number, hearWait?: HearWait): Promise<BootstrapOutcome> {
    const patience = new Patience(this.clock, { timeoutMs: 30_000, waitMs }, () => 0.5)
    let outcome: BootstrapOutcome | undefined
    const request = { link: LINK, identity: {}, cadre: [] }
    const interrupted = new AbortController().signal
    void redeemPatiently(this, request, { patience, interrupted, hearWait }).then((each) => {
      outcome = each
    })
    while (outcome === undefined) {
      await turn()
      if (outcome === undefined) this.clock.advance(100)
    }
    return outcome
  }
}

it('an inviter who is away for an hour costs one session, and looks that leave nothing behind', async () => {
  const back = 50 * MINUTE
  const inviter = new Inviter(
    (at) => (at < back ? failed('unreachable') : DONE),
    (at) => at >= back,
  )
  expect(await inviter.go(60 * MINUTE)).toBe(DONE)
  expect(inviter.sessions).toHaveLength(2)
  expect(inviter.looks.length).toBeLessThan(140)
  expect((inviter.sessions[1] ?? 0) - back).toBeLessThan(40_000)
})

it('one who never comes back is given up with the failure of the session that met nobody, and all that was disclosed', async () => {
  const lost = failed('stream_lost', { disclosed: ['name'], step: 'AWAITING_RESPONSE' })
  const inviter = new Inviter(
    () => lost,
    () => false,
  )
  expect(await inviter.go(5 * MINUTE)).toMatchObject({ reason: 'stream_lost', disclosed: ['name'] })
  expect(inviter.sessions).toHaveLength(1)
})

it('an inviter who takes its time to say yes costs little: it calls, and is asked seldom', async () => {
  const decided = 100 * MINUTE
  const pending = failed('pending', { retryAfterMs: 30_000, step: 'SENDING_REQUEST' })
  const inviter = new Inviter(
    (at) => (at < decided ? pending : DONE),
    () => true,
    decided,
  )
  expect(await inviter.go(120 * MINUTE)).toBe(DONE)
  expect((inviter.sessions.at(-1) ?? 0) - decided).toBeLessThanOrEqual(1_000)
  // One every ten minutes, in case the inviter has forgotten.
  expect(inviter.sessions.length).toBeLessThanOrEqual(11)
  expect(inviter.lines.length).toBeLessThanOrEqual(inviter.sessions.length)
})

it('an inviter who is away while it is waited for is looked for by a line, not by sessions', async () => {
  const [gone, back, decided] = [2 * MINUTE, 8 * MINUTE, 9 * MINUTE]
  const pending = failed('pending', { retryAfterMs: 30_000, step: 'SENDING_REQUEST' })
  const inviter = new Inviter(
    (at) => (at < decided ? pending : DONE),
    (at) => at < gone || at >= back,
    decided,
  )
  expect(await inviter.go(60 * MINUTE)).toBe(DONE)
  expect(inviter.sessions).toHaveLength(2)
  expect((inviter.sessions[1] ?? 0) - decided).toBeLessThanOrEqual(1_000)
  expect(inviter.lines.length).toBeLessThan(40)
})

it('a line that was lost and is held again leaves what is told true: the inviter’s word is waited for', async () => {
  const [gone, back, decided] = [2 * MINUTE, 4 * MINUTE, 9 * MINUTE]
  const pendingUntil = 60 * MINUTE
  const pending = failed('pending', { retryAfterMs: 30_000, pendingUntil, step: 'SENDING_REQUEST' })
  const inviter = new Inviter(
    (at) => (at < decided ? pending : DONE),
    (at) => at < gone || at >= back,
    decided,
  )
  const told: unknown[] = []
  const heard = ({ kind, keptUntil }: WaitNews) => void told.push([kind, keptUntil])
  expect(await inviter.go(60 * MINUTE, heard)).toBe(DONE)
  expect(told.at(-1)).toEqual(['undecided', pendingUntil])
})

it('an inviter who holds no more lines is asked as often as it has said', async () => {
  const pending = failed('pending', { retryAfterMs: 30_000, step: 'SENDING_REQUEST' })
  class Full extends Inviter {
    override awaitAnswer() {
      this.lines.push(this.clock.monotonic())
      return Promise.resolve('lost' as const)
    }
  }
  const inviter = new Full(() => pending)
  await inviter.go(60 * MINUTE)
  const asked = inviter.sessions.length
  expect(asked).toBeGreaterThan(90)
  expect(asked).toBeLessThanOrEqual(122)
  expect(inviter.lines.length).toBeLessThanOrEqual(asked)
})
