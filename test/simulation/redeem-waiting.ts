import { isComeNow } from '../../src/protocol/answer/answer-line.ts'
import { notYetAfter } from '../../src/service/waiting/not-yet.ts'
import { Patience } from '../../src/service/waiting/patience.ts'
import { persist } from '../../src/service/waiting/persist.ts'
import type { BootstrapOutcome } from '../../src/session/dialer/outcome.ts'
import type { Clock } from '../../src/session/ports/clock.ts'
import type { Dialer } from '../../src/session/ports/dialer.ts'
import type { Chaos } from './chaos.ts'

/** How long somebody who waits begins further tries, ms: beyond the trouble. */
export const WAIT_MS = 120_000

/** The longest that one try may take, ms. */
const TRY_MS = 30_000

/** Somebody who waits, and how it asks. */
export interface WaitingInvitee {
  readonly clock: Clock
  readonly chaos: Chaos
  readonly inviter: string
  /** Of lines on which the inviter calls. */
  readonly lines: Dialer
  redeem(limit: { readonly timeoutMs: number }): Promise<BootstrapOutcome>
}

/** Redeems as `bootstrap --wait` does: again while the inviter is away or busy, and when it calls while it has yet to say yes or no. */
export function redeemWaiting(invitee: WaitingInvitee): Promise<BootstrapOutcome> {
  const { clock, chaos } = invitee
  const patience = new Patience(clock, { timeoutMs: TRY_MS, waitMs: WAIT_MS }, () => 0.5)
  return persist({
    patience,
    signal: new AbortController().signal,
    ask: (timeoutMs) => invitee.redeem({ timeoutMs }),
    notYetIn: (outcome) => {
      if (outcome.completed) return undefined
      const { reason: code, retryAfterMs, pendingUntil } = outcome
      return notYetAfter({ code, retryAfterMs, pendingUntil })
    },
    news: async (signal) => {
      const is = await isCalled(invitee, signal)
      const what = is ? 'waiting: called' : 'waiting: not called'
      chaos.counts.set(what, (chaos.counts.get(what) ?? 0) + 1)
      return is
    },
  })
}

async function isCalled({ lines, inviter }: WaitingInvitee, signal: AbortSignal): Promise<boolean> {
  const line = await lines.dial(inviter, [], signal)
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const lost = (): void => resolve(false)
  signal.addEventListener('abort', lost)
  const frame = (payload: Uint8Array): void => resolve(isComeNow(payload))
  line.listen({ frame, problem: lost, ended: lost, closed: lost })
  if (signal.aborted) lost()
  try {
    return await promise
  } finally {
    line.reset()
  }
}
