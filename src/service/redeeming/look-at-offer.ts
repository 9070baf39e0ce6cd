import type { LinkContent } from '../../protocol/link/link.ts'
import type { Offer, Refusal } from '../../protocol/message/messages.ts'
import type { LookFields } from '../../session/dialer/contact-message.ts'
import { type HearWait, notYetAfter } from '../waiting/not-yet.ts'
import { Patience } from '../waiting/patience.ts'
import { persist } from '../waiting/persist.ts'
import { withDeadline } from '../waiting/with-deadline.ts'
import type { Redeemer } from './redeemer.ts'

/** An inviter who is asked about what has expired by this computer's clock is mostly gone: so long it is asked, ms. */
const LATE_TIMEOUT_MS = 10_000

/** The end of an invitation, and the time by this computer's clock; both in ms since the epoch. */
export interface OfferTimes {
  readonly expiresAt: number
  readonly ownTime: number
}

export interface LookOptions extends LookFields {
  readonly patience: Patience
  readonly interrupted: AbortSignal
  /** Told of each pause. @default nobody */
  readonly hearWait?: HearWait | undefined
}

/** True of what has expired by this computer's clock, which may be wrong. */
export function isLate({ expiresAt, ownTime }: OfferTimes): boolean {
  return expiresAt <= ownTime
}

/**
 * Looks at the offer of a link. The inviter's clock counts: it is asked also about what has expired by this computer's.
 * @returns an error if an inviter can't be reached about what has expired here
 * @throws what `Redeemer.inspect` throws; NoAnswerInTimeError, InterruptedError
 */
export async function lookAtOffer(
  redeemer: Redeemer,
  link: LinkContent,
  times: OfferTimes,
  options: LookOptions,
): Promise<Offer | Refusal | Error> {
  if (!isLate(times)) return look(redeemer, link, options)
  try {
    const timeoutMs = Math.min(options.patience.tryMs, LATE_TIMEOUT_MS)
    const patience = new Patience(redeemer.clock, { timeoutMs })
    return await look(redeemer, link, { ...options, patience })
  } catch (error) {
    if (isUnreachable(error)) return error
    throw error
  }
}

/** True of an error that says that nobody was reached. */
export function isUnreachable(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'unreachable'
}

function look(
  redeemer: Redeemer,
  link: LinkContent,
  { patience, interrupted, hearWait, another, bootstrapId }: LookOptions,
): Promise<Offer | Refusal> {
  const wanted = { another, bootstrapId }
  return persist({
    patience,
    signal: interrupted,
    ask: (ms) => withDeadline(ms, interrupted, (signal) => redeemer.inspect(link, signal, wanted)),
    notYetIn: (answer) => (answer.type === 'Offer' ? undefined : notYetAfter(answer)),
    hear: hearWait,
  })
}
