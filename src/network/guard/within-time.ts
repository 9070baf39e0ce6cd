import { toError } from '../base/to-error.ts'
import { patientDeadline } from './patient-deadline.ts'

/** Does work that has so many ms, not counting the time that this process stood still. @throws TimeoutError, as a DOMException; the signal's reason */
export async function withinTime<T>(
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const own = new AbortController()
  const abort = (): void => own.abort(signal.reason)
  const clear = patientDeadline(ms, () => own.abort(new DOMException('too late', 'TimeoutError')))
  signal.addEventListener('abort', abort)
  try {
    return await work(own.signal)
  } catch (error) {
    throw own.signal.aborted ? toError(own.signal.reason) : error
  } finally {
    clear()
    signal.removeEventListener('abort', abort)
  }
}
