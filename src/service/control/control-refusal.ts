import { ControlBusyError, ControlError } from '../errors.ts'
import type { ControlAnswer } from './control-protocol.ts'

/** What to throw when a listener answers that it does not do what it was asked. */
export function controlRefusal({
  code,
  error,
}: Extract<ControlAnswer, { ok: false }>): ControlError {
  return code === 'busy' ? new ControlBusyError(error) : new ControlError(`refuses: ${error}`)
}
