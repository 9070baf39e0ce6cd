import { revokeInvitation } from '../../service/invitations/revoke-invitation.ts'
import { seeExpired } from '../../service/invitations/see-expired.ts'
import { currentOperator } from '../../service/record/operator.ts'
import { withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { line, type ScreenText } from '../text/screen-text.ts'
import { findToken } from './find-token.ts'
import { type TokenDocument, tokenDocument } from './token-document.ts'

/** An invitation that is revoked now. */
export interface RevokedDocument extends TokenDocument {
  /** False: it was revoked before. */
  readonly changed: boolean
}

/** Revokes an invitation. @throws CommandFailure `not_found`, `ambiguous_id`; UsageError, StoreError */
export async function revokeToken(
  locations: Locations,
  id: string,
  reason?: string,
): Promise<RevokedDocument> {
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const clock = await context.clock()
    await seeExpired(store, clock)
    const token = await findToken(store, id)
    const now = clock.now()
    const changed = await revokeInvitation(store, token.id, currentOperator(reason))
    return { ...tokenDocument(await findToken(store, token.id), now), changed }
  })
}

export function revokedText({ id, changed, reserved }: RevokedDocument): ScreenText {
  if (!changed) return line(`Invitation ${id} was revoked before.`)
  const underWay = reserved === 0 ? '' : ` ${reserved} under way may still end in a tally.`
  return line(`Invitation ${id} is revoked. Nobody new can use it.${underWay}`)
}
