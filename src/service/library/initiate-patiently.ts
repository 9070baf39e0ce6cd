import { SYSTEM_CLOCK } from '../../session/clock/system-clock.ts'
import type { SessionConfig } from '../../session/config/session-config.ts'
import { inspectOffer } from '../../session/dialer/inspect-offer.ts'
import type { BootstrapOutcome } from '../../session/dialer/outcome.ts'
import type { RedeemRequest } from '../../session/dialer/redeem-request.ts'
import type { Dialer } from '../../session/ports/dialer.ts'
import { awaitAnswer } from '../answers/await-answer.ts'
import { offerInLink } from '../redeeming/offer-in-link.ts'
import { patienceFor } from '../redeeming/patience-for-link.ts'
import { redeemPatiently } from '../redeeming/redeem-patiently.ts'
import type { HearWait } from '../waiting/not-yet.ts'

/** How long to try again, and who is told. */
export interface WaitOptions {
  /**
   * How long to begin further tries, ms, while the inviter can't be reached, says "not now", or has still to say yes;
   * never past the invitation's end, unless the inviter keeps a place for longer. `timeoutMs` is for each try then.
   * @default not at all: a first "not now" is the outcome
   */
  readonly waitMs?: number
  /** Told of each pause between two tries. @default nobody */
  readonly onWait?: HearWait
}

export interface InitiateParts {
  /** Of the link's protocol. */
  readonly dialer: Dialer
  /** Of the lines on which an answer is waited for. */
  readonly liner: Dialer
  readonly config: Pick<SessionConfig, 'sessionTimeoutMs' | 'stepTimeoutMs'>
  redeem(request: RedeemRequest, dialer: Dialer): Promise<BootstrapOutcome>
}

/** Redeems a link over a host's node, and again for as long as was said. @throws StoreError */
export async function initiatePatiently(
  { dialer, liner, config, redeem }: InitiateParts,
  request: RedeemRequest,
  { waitMs, onWait }: WaitOptions,
): Promise<BootstrapOutcome> {
  if (waitMs === undefined) return await redeem(request, dialer)
  const { timeoutMs = config.sessionTimeoutMs, signal = new AbortController().signal } = request
  const patienceMs = 2 * config.stepTimeoutMs
  const acts = {
    redeem: (each: RedeemRequest) => redeem(each, dialer),
    inspect: async (link, each, wanted) =>
      link.legacy === undefined
        ? await inspectOffer(link, dialer, { signal: each, patienceMs }, wanted)
        : offerInLink(link, link.legacy, SYSTEM_CLOCK.now()),
    awaitAnswer: (link, options) => awaitAnswer(liner, link, options),
  } satisfies Parameters<typeof redeemPatiently>[0]
  return await redeemPatiently(acts, request, {
    patience: patienceFor(SYSTEM_CLOCK, request.link, { timeoutMs, waitMs }),
    interrupted: signal,
    hearWait: onWait,
  })
}
