import { isComeNow } from '../../protocol/answer/answer-line.ts'
import { peerIdOfPublicKey } from '../../protocol/base/peer-id-text.ts'
import type { LinkContent } from '../../protocol/link/link-content.ts'
import type { Dialer } from '../../session/ports/dialer.ts'
import { withDeadline } from '../waiting/with-deadline.ts'

/** The end of a line: the inviter has something to say, or the line was lost. */
export type LineEnd = 'answered' | 'lost'

export interface AwaitAnswerOptions {
  /** The longest that the way to the inviter may take, ms. */
  readonly dialMs: number
  readonly signal: AbortSignal
}

/**
 * Holds a line to the inviter until it has something to say. For as long as the signal is not aborted.
 * @param dialer of streams of the answer lines
 * @throws what `Dialer.dial` throws; NoAnswerInTimeError, InterruptedError
 */
export async function awaitAnswer(
  dialer: Dialer,
  link: LinkContent,
  { dialMs, signal }: AwaitAnswerOptions,
): Promise<LineEnd> {
  const peer = peerIdOfPublicKey(link.publicKey)
  const line = await withDeadline(dialMs, signal, (each) => dialer.dial(peer, link.addresses, each))
  const { promise, resolve } = Promise.withResolvers<LineEnd>()
  const lost = (): void => resolve('lost')
  signal.addEventListener('abort', lost)
  line.listen({
    frame: (payload) => resolve(isComeNow(payload) ? 'answered' : 'lost'),
    problem: lost,
    ended: lost,
    closed: lost,
  })
  if (signal.aborted) lost()
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', lost)
    line.reset()
  }
}
