import { decodeLink } from '../../protocol/link/link.ts'
import { tokenIdOf } from '../../protocol/link/secret.ts'
import type { Refusal } from '../../protocol/message/messages.ts'
import type { SessionStore } from '../../session/ports/store.ts'
import { noteCommand } from '../record/note-command.ts'
import { type HearWait, notYetAfter } from '../waiting/not-yet.ts'
import { persist } from '../waiting/persist.ts'
import { withDeadline } from '../waiting/with-deadline.ts'
import { patienceFor } from './patience-for-link.ts'
import type { Redeemer } from './redeemer.ts'

export interface DeclineLinkOptions {
  /** The link as it was given. */
  readonly text: string
  readonly reason: string | undefined
  readonly timeoutMs: number
  /** As in `RedeemLinkOptions`. */
  readonly waitMs?: number | undefined
  /** Told of each pause between two tries. @default nobody */
  readonly hearWait?: HearWait | undefined
  readonly interrupted: AbortSignal
}

/**
 * Tells the inviter "no, thank you": the offer is over for this party.
 * @returns a refusal if the inviter did not know the invitation
 * @throws LinkError; what `declineOffer` throws; NoAnswerInTimeError, InterruptedError
 */
export async function declineLink(
  redeemer: Redeemer,
  { text, reason, interrupted, hearWait, ...times }: DeclineLinkOptions,
): Promise<Refusal | undefined> {
  const link = decodeLink(text)
  await redeemer.start()
  try {
    return await persist({
      patience: patienceFor(redeemer.clock, link, times),
      signal: interrupted,
      ask: (ms) =>
        withDeadline(ms, interrupted, (signal) => redeemer.decline(link, signal, reason)),
      notYetIn: (refusal) => refusal && notYetAfter(refusal),
      hear: hearWait,
    })
  } finally {
    await redeemer.stop()
  }
}

/** Records that an invitation was declined, and by whom. The reason for the inviter is not kept. @throws StoreError */
export async function recordDecline(
  store: Pick<SessionStore, 'submit'>,
  text: string,
): Promise<void> {
  const about = { tokenId: tokenIdOf(decodeLink(text).secret) }
  await noteCommand(store, 'bootstrap --decline', about)
}
