/** Nobody answered in the time that the user gave. */
class NoAnswerInTimeError extends Error {
  override readonly name = 'NoAnswerInTimeError'
  readonly code = 'unreachable'
}

/** The user gave up. */
class InterruptedError extends Error {
  override readonly name = 'InterruptedError'
  readonly code = 'interrupted'
}

/**
 * Runs `work` for at most `ms`, ending early when the caller gives up.
 * @throws NoAnswerInTimeError, InterruptedError, and what `work` throws
 */
export async function withDeadline<Result>(
  ms: number,
  interrupted: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const late = (): void => controller.abort(new NoAnswerInTimeError('no answer in time'))
  const giveUp = (): void => controller.abort(new InterruptedError('interrupted'))
  const timer = setTimeout(late, ms)
  interrupted.addEventListener('abort', giveUp)
  if (interrupted.aborted) giveUp()
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    interrupted.removeEventListener('abort', giveUp)
  }
}
