import { decodeLink } from '../../protocol/link.ts'
import type { Context } from '../context.ts'
import { failureOfRefusal } from './outcome-failure.ts'
import { withDeadline } from './with-deadline.ts'

/**
 * Tell the inviter "no, thank you": the offer is over for this party.
 * @throws LinkError, Failure
 */
export async function declineLink(
  context: Context,
  text: string,
  reason: string | undefined,
  timeoutMs: number,
  interrupted: AbortSignal,
): Promise<void> {
  const link = decodeLink(text)
  const redeemer = await context.redeemer({})
  await redeemer.start()
  try {
    const refusal = await withDeadline(timeoutMs, interrupted, (signal) =>
      redeemer.decline(link, signal, reason),
    )
    if (refusal !== undefined) throw failureOfRefusal(refusal)
  } finally {
    await redeemer.stop()
  }
}
