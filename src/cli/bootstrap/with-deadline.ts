import { NoAnswerError } from '../../session/dialer/ask-once.ts'
import { Failure } from '../failure.ts'

/**
 * Run `work` for at most `ms`, ending early when the caller gives up.
 * @throws Failure `unreachable` when the time is up, `interrupted`, `transport_closed`; what `work` throws
 */
export async function withDeadline<Result>(
  ms: number,
  interrupted: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const timer = setTimeout(
    () => controller.abort(new Failure('unreachable', { detail: 'no answer in time' })),
    ms,
  )
  const onInterrupt = (): void => controller.abort(new Failure('interrupted'))
  interrupted.addEventListener('abort', onInterrupt)
  if (interrupted.aborted) onInterrupt()
  try {
    return await work(controller.signal)
  } catch (error) {
    if (error instanceof NoAnswerError) {
      throw new Failure('transport_closed', { detail: error.message, cause: error })
    }
    throw error
  } finally {
    clearTimeout(timer)
    interrupted.removeEventListener('abort', onInterrupt)
  }
}
