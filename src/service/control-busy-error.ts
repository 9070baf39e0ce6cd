import { ControlError } from './control-error.ts'

/** The listener is well, but as many commands and followers as it has places for hold one already. */
export class ControlBusyError extends ControlError {
  override readonly name = 'ControlBusyError'
  override readonly code = 'control_busy'

  /** @param taken which places, in the listener's words */
  constructor(taken: string) {
    super(`has no place left: ${taken}`)
  }
}
