import { compact } from '../../protocol/base/compact.ts'
import { seeExpired } from '../../service/invitations/see-expired.ts'
import { updateInvitation } from '../../service/invitations/update-invitation.ts'
import { currentOperator } from '../../service/record/operator.ts'
import { withContext } from '../context.ts'
import { UsageError } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import type { Output } from '../output/output.ts'
import { lines, type ScreenText } from '../text/screen-text.ts'
import { findToken } from './find-token.ts'
import { confirmFlaggedFields } from './flagged-fields.ts'
import { type GrantFlags, type GrantOptions, parseGrantFlags } from './grant-options.ts'
import { type TokenDocument, tokenDocument } from './token-document.ts'

/** The new values for an invitation, as they were typed. */
export interface UpdateFlags extends Pick<GrantFlags, 'label' | 'require' | 'optional' | 'terms'> {
  readonly 'no-terms'?: boolean
  readonly reason?: string | undefined
}

/** An invitation that was updated. */
export interface UpdatedDocument extends TokenDocument {
  /** How often its terms or fields were changed so far. */
  readonly revision: number
  /** The parts that were other ones before. */
  readonly changed: readonly ('label' | 'terms')[]
  /** The fields that an invitee must disclose from now on. */
  readonly required: readonly string[]
  readonly optional: readonly string[]
}

/**
 * Changes what an invitation offers to those who come later, or the note on it.
 * @param mayAsk questions may be asked, if there is a terminal
 * @throws UsageError if nothing is to be changed, or nothing is left of it; CommandFailure, StoreError
 */
export async function updateToken(
  locations: Locations,
  id: string,
  flags: UpdateFlags,
  { output, mayAsk }: { readonly output: Output; readonly mayAsk: boolean },
): Promise<UpdatedDocument> {
  const update = await valuesOf(flags)
  await confirmFlaggedFields(update, mayAsk, output)
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const clock = await context.clock()
    await seeExpired(store, clock)
    const now = clock.now()
    const old = tokenDocument(await findToken(store, id), now)
    if (old.status !== 'open' && old.status !== 'paused') {
      throw new UsageError(`nothing is left of ${old.id} to offer: it is ${old.status}`)
    }
    const changes = await updateInvitation(store, old.id, update, currentOperator(flags.reason))
    if (typeof changes === 'string') {
      throw new UsageError(`${old.id} was changed too often: make another one with --like`)
    }
    if (changes.terms && old.byHand) {
      const { outdateByOperator } = await import('../../service/approval/outdate-by-operator.ts')
      await outdateByOperator({ directory: context.directory, store, clock }, old.id)
    }
    const token = await findToken(store, old.id)
    const changed = (['label', 'terms'] as const).filter((part) => changes[part])
    const { revision, required, optional } = token
    return { ...tokenDocument(token, now), revision, changed, required, optional }
  })
}

type Values = Pick<GrantOptions, 'label' | 'required' | 'optional' | 'terms'>

/** @throws UsageError */
async function valuesOf(flags: UpdateFlags): Promise<Values> {
  const isCleared = flags['no-terms'] === true
  if (isCleared && flags.terms !== undefined) throw new UsageError('either --terms or --no-terms')
  const { label, required, optional, terms } = await parseGrantFlags(flags)
  const values = compact({ label, required, optional, terms: isCleared ? null : terms })
  if (Object.keys(values).length > 0) return values
  throw new UsageError('say what to change: --terms, --require, --optional, --label')
}

export function updatedText({ id, changed, used, reserved, byHand }: UpdatedDocument): ScreenText {
  if (changed.length === 0) return lines([`Invitation ${id} was like that before.`])
  if (!changed.includes('terms')) return lines([`Invitation ${id} has another label.`])
  const before =
    used + reserved === 0
      ? []
      : [`Whoever has a tally of it${byHand ? '' : ', or is under way,'} keeps the old terms.`]
  const asked = byHand
    ? ['Whoever has no answer yet asks you anew, also after a yes: see `taleus sessions pending`.']
    : []
  return lines([
    `Invitation ${id} has other terms for whoever comes from now on. The link is the same.`,
    ...before,
    ...asked,
  ])
}
