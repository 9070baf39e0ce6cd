import { pauseInvitation } from '../../service/invitations/pause-invitation.ts'
import { seeExpired } from '../../service/invitations/see-expired.ts'
import { currentOperator } from '../../service/record/operator.ts'
import { withContext } from '../context.ts'
import { UsageError } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import { line, type ScreenText } from '../text/screen-text.ts'
import { findToken } from './find-token.ts'
import { type TokenDocument, tokenDocument } from './token-document.ts'

/** An invitation that is paused now, or no more. */
export interface PausedDocument extends TokenDocument {
  /** False: it was so before. */
  readonly changed: boolean
}

/**
 * Pauses an invitation, or has it go on.
 * @throws UsageError if nothing is left of it; CommandFailure `not_found`, `ambiguous_id`; StoreError
 */
export async function pauseToken(
  locations: Locations,
  id: string,
  isPaused: boolean,
  reason?: string,
): Promise<PausedDocument> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const clock = await context.clock()
    await seeExpired(store, clock)
    const now = clock.now()
    const token = tokenDocument(await findToken(store, id), now)
    if (token.status !== 'open' && token.status !== 'paused') {
      throw new UsageError(`nothing is left of ${token.id} to pause: it is ${token.status}`)
    }
    const changed = await pauseInvitation(store, token.id, isPaused, currentOperator(reason))
    return { ...tokenDocument(await findToken(store, token.id), now), changed }
  })
}

export function pausedText({ id, status, changed, reserved }: PausedDocument): ScreenText {
  if (status !== 'paused') {
    return line(`Invitation ${id} ${changed ? 'is good again' : 'was not paused'}.`)
  }
  if (!changed) return line(`Invitation ${id} was paused before.`)
  const underWay = reserved === 0 ? '' : ` ${reserved} under way may still end in a tally.`
  return line(
    `Invitation ${id} is paused: whoever comes is asked to come later.${underWay} Go on: taleus token resume ${id}`,
  )
}
