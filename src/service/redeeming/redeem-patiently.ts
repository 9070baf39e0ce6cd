import type { Offer, Refusal } from '../../protocol/message/messages.ts'
import type { LookFields } from '../../session/dialer/contact-message.ts'
import type { BootstrapOutcome } from '../../session/dialer/outcome.ts'
import type { RedeemRequest } from '../../session/dialer/redeem-request.ts'
import type { AwaitAnswerOptions, LineEnd } from '../answers/await-answer.ts'
import { type HearWait, type NotYet, notYetAfter, notYetOf } from '../waiting/not-yet.ts'
import type { Patience } from '../waiting/patience.ts'
import { persist } from '../waiting/persist.ts'
import { withDeadline } from '../waiting/with-deadline.ts'

type Link = RedeemRequest['link']

/** The acts that redeeming with patience consists of. */
export interface RedeemActs {
  redeem(request: RedeemRequest): Promise<BootstrapOutcome>
  /** Asks for the offer, which leaves nothing behind on either side. */
  inspect(link: Link, signal: AbortSignal, wanted?: LookFields): Promise<Offer | Refusal>
  /** Holds a line until the inviter has something to say. */
  awaitAnswer(link: Link, options: AwaitAnswerOptions): Promise<LineEnd>
}

export interface RedeemPatientlyOptions {
  readonly patience: Patience
  readonly interrupted: AbortSignal
  /** Told of each pause. @default nobody */
  readonly hearWait?: HearWait | undefined
}

/**
 * Redeems, and again as long as it is "not now". An inviter who was away is looked for without a session, which would
 * stand in the history each time; one who has still to say yes or no tells when it has. What an earlier try of these
 * disclosed is told with the last one.
 * @throws StoreError
 */
export async function redeemPatiently(
  acts: RedeemActs,
  request: Omit<RedeemRequest, 'signal' | 'timeoutMs'>,
  { interrupted, patience, hearWait }: RedeemPatientlyOptions,
): Promise<BootstrapOutcome> {
  const disclosed = new Set<string>()
  let last: BootstrapOutcome | undefined
  const outcome = await persist({
    patience,
    signal: interrupted,
    ask: async (timeoutMs) => {
      const isAway = last !== undefined && notYetIn(last)?.kind === 'away'
      if (last !== undefined && isAway) {
        const isBack = await isThere(acts, request, { ms: timeoutMs, interrupted })
        if (!isBack) return last
      }
      last = await acts.redeem({ ...request, signal: interrupted, timeoutMs })
      if (!last.completed) for (const field of last.disclosed) disclosed.add(field)
      return last
    },
    notYetIn,
    hear: hearWait,
    news: (signal) => isAnswered(acts, request.link, { patience, interrupted: signal }),
  })
  return outcome.completed ? outcome : { ...outcome, disclosed: [...disclosed] }
}

/** True if somebody answers, whatever it is. */
async function isThere(
  acts: RedeemActs,
  { link, another = false }: Pick<RedeemRequest, 'link' | 'another'>,
  { ms, interrupted }: { readonly ms: number; readonly interrupted: AbortSignal },
): Promise<boolean> {
  try {
    await withDeadline(ms, interrupted, (signal) => acts.inspect(link, signal, { another }))
    return true
  } catch (error) {
    // Whatever else it is, the session finds it too, and says so.
    return notYetOf(error) === undefined && !interrupted.aborted
  }
}

/** A line that is over so soon after it was dialled, ms, was not lost but refused: the inviter holds as many as it can. */
const REFUSED_WITHIN_MS = 5_000

/**
 * Holds a line to the inviter, and another one if it is lost. Nobody is told of that: what is waited for stays the
 * inviter's word, and one who stays away is met by the next contact.
 * @returns false if that can't be had
 */
async function isAnswered(
  acts: RedeemActs,
  link: Link,
  { interrupted, patience }: Pick<RedeemPatientlyOptions, 'interrupted' | 'patience'>,
): Promise<boolean> {
  const end = await persist<LineEnd | 'refused'>({
    patience,
    signal: interrupted,
    ask: async (dialMs) => {
      const began = patience.now
      const each = await acts.awaitAnswer(link, { dialMs, signal: interrupted })
      return each === 'lost' && patience.now - began < REFUSED_WITHIN_MS ? 'refused' : each
    },
    notYetIn: (each) => (each === 'lost' ? { kind: 'away', code: 'stream_lost' } : undefined),
  })
  return end === 'answered'
}

function notYetIn(outcome: BootstrapOutcome): NotYet | undefined {
  if (outcome.completed) return undefined
  const { reason: code, retryAfterMs, pendingUntil } = outcome
  return notYetAfter({ code, retryAfterMs, pendingUntil })
}
