import { decodeMessage, encodeMessage } from '../../protocol/message/message-codec.ts'
import type { Message } from '../../protocol/message/messages.ts'
import { RelayLimitError } from '../errors.ts'
import type { Transport } from '../ports/transport.ts'

/** The other side closed, or sent what is no message, instead of answering. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError'
  readonly code = 'no_answer'
}

/** The other side is there, and says nothing. */
class SilenceError extends Error {
  override readonly name = 'SilenceError'
  readonly code = 'timed_out'

  constructor() {
    super('the other side said nothing')
  }
}

export interface AskOptions {
  readonly signal: AbortSignal
  /** False: resolves with undefined once the other side has closed. */
  readonly expectsAnswer: boolean
  /** How long the other side may be silent, ms. */
  readonly patienceMs: number
}

/**
 * Says one thing, and hears the answer. The stream is over afterwards.
 * @throws NoAnswerError, RelayLimitError, SilenceError, TransportClosedError, the signal's reason
 */
export async function askOnce(
  transport: Transport,
  message: Message,
  { signal, expectsAnswer, patienceMs }: AskOptions,
): Promise<Message | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Message | undefined>()
  // The end may come while the bytes still wait to leave, when nobody looks at this yet.
  promise.catch(() => undefined)
  const abort = (): void => reject(signal.reason)
  signal.addEventListener('abort', abort)
  const timer = setTimeout(() => reject(new SilenceError()), patienceMs)
  transport.listen({
    frame: (payload) => {
      try {
        resolve(decodeMessage(payload))
      } catch (cause) {
        reject(new NoAnswerError('the other side sent what is no message', { cause }))
      }
    },
    problem: () => reject(new NoAnswerError('the other side sent what is no frame')),
    ended: () => {
      if (expectsAnswer) reject(new NoAnswerError('the other side closed without an answer'))
    },
    closed: (clean, bound) => {
      if (clean && !expectsAnswer) resolve(undefined)
      else if (bound !== undefined) reject(new RelayLimitError(bound))
      else reject(new NoAnswerError('the other side closed without an answer'))
    },
  })
  try {
    await Promise.race([transport.send(encodeMessage(message)), promise])
    // Nothing more will be said; a decline is answered by closing, an inspection by an offer.
    if (!expectsAnswer) void transport.close()
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
    await transport.close()
  }
}
