import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import {
  type RedeemActs,
  redeemPatiently,
} from '../../../src/service/redeeming/redeem-patiently.ts'
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
  readonly #outcome: (at: number) => BootstrapOutcome
  readonly #isThere: (at: number) => boolean

  constructor(
    outcome: (at: number) => BootstrapOutcome,
    isThere: (at: number) => boolean = () => true,
  ) {
    this.#outcome = outcome
    this.#isThere = isThere
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

  /** Redeems, and waits for so long. */
  async go(waitMs: number): Promise<BootstrapOutcome> {
    const patience = new Patience(this.clock, { timeoutMs: 30_000, waitMs }, () => 0.5)
    let outcome: BootstrapOutcome | undefined
    const request = { link: LINK, identity: {}, cadre: [] }
    const interrupted = new AbortController().signal
    void redeemPatiently(this, request, { patience, interrupted }).then((each) => {
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
