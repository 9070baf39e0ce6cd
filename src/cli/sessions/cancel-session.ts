import type { Cancelled } from '../../service/control/cancel-session.ts'
import { sessionsStartingWith } from '../../service/sessions/session-history.ts'
import { withContext } from '../context.ts'
import { CommandFailure } from '../errors/errors.ts'
import { resolveId } from '../input/resolve-id.ts'
import type { Locations } from '../locations.ts'
import { line, type ScreenText } from '../text/screen-text.ts'

/** The answer of `sessions cancel --json`. */
export interface CancelDocument {
  readonly id: string
  readonly cancelled: Exclude<Cancelled, 'nothing'>
}

/**
 * Ends a session, or gives back the use that it still holds.
 * @throws CommandFailure `not_found`, `ambiguous_id`, `session_over`; UsageError, StoreError
 */
export async function cancelSession(
  locations: Locations,
  id: string,
  reason?: string,
): Promise<CancelDocument> {
  const { cancelByOperator } = await import('../../service/control/cancel-session.ts')
  const { currentOperator } = await import('../../service/record/operator.ts')
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const session = await resolveId(id, {
      what: 'session',
      startingWith: (prefix) => sessionsStartingWith(store, prefix),
      idOf: (each) => each.id,
    })
    const { directory } = context
    const place = { directory, store, clock: await context.clock() }
    const cancelled = await cancelByOperator(place, session, currentOperator(reason))
    if (cancelled === 'nothing') throw new CommandFailure('session_over')
    return { id: session.id, cancelled }
  })
}

export function cancelText({ id, cancelled }: CancelDocument): ScreenText {
  return line(
    cancelled === 'session'
      ? `Session ${id} is ended; its peer is told.`
      : `The use that session ${id} still held is free again.`,
  )
}
