import { reissueInvitation } from '../../service/invitations/reissue-invitation.ts'
import { seeExpired } from '../../service/invitations/see-expired.ts'
import { currentOperator } from '../../service/record/operator.ts'
import { withContext } from '../context.ts'
import { UsageError } from '../errors/errors.ts'
import { behindPage, pageOfLinks } from '../handout/behind-page.ts'
import { mintWithFiles } from '../handout/handed-files.ts'
import { type FileOptions, openHandedFiles } from '../handout/open-handed-files.ts'
import type { Locations } from '../locations.ts'
import { warnOfClock } from '../output/clock-warning.ts'
import type { Output } from '../output/output.ts'
import { findToken } from './find-token.ts'
import { parseLifetime } from './grant-options.ts'
import { checkQrFile, type HandOutOptions } from './hand-out.ts'
import { planLink } from './link-options.ts'
import { type NewLinkDocument, presentNewLink } from './new-link.ts'

export interface ReissueOptions extends HandOutOptions, FileOptions {
  readonly id: string
  readonly announce?: readonly string[] | undefined
  readonly expires?: string | undefined
  readonly reason?: string | undefined
}

/** A new link, and the invitation it replaces. */
export interface ReissueDocument extends NewLinkDocument {
  readonly replaces: string
  /** It gives nothing yet, as the one that it replaces gave nothing. */
  readonly paused: boolean
}

/**
 * Revokes an invitation and makes one with a new link.
 * @throws UsageError if nothing is left of it; CommandFailure, NoAddressError, StoreError …
 */
export async function reissueToken(
  locations: Locations,
  options: ReissueOptions,
  output: Output,
): Promise<ReissueDocument> {
  const lifetimeMs = options.expires === undefined ? undefined : parseLifetime(options.expires)
  await checkQrFile(options.qrFile)
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const clock = await context.clock()
    await seeExpired(store, clock)
    const old = await findToken(store, options.id)
    const page = await pageOfLinks(context, options['base-url'])
    const plan = await planLink(context, options.announce)
    warnOfClock(clock.behindMs, output)
    const files = await openHandedFiles(context, options, old)
    const minted = await mintWithFiles(files, output, async () => {
      const init = {
        peerId: await context.peerId(),
        addresses: plan.addresses.map(({ address }) => address),
        nodes: plan.nodes,
        expiresAt: expiryOf(old, lifetimeMs, clock.now()),
      }
      const operator = currentOperator(options.reason)
      const replacing = await reissueInvitation(store, old.id, init, operator)
      if (replacing !== undefined) return behindPage(replacing, page)
      throw new UsageError(`nothing is left of ${old.id}: use \`token create --like ${old.id}\``)
    })
    output.note(`Invitation ${old.id} is revoked, and this one stands in its place.`)
    const paused = old.pausedAt !== undefined
    if (paused)
      output.note(`It is paused as that one was. Go on: taleus token resume ${minted.token.id}`)
    const document = await presentNewLink(minted, plan, options, output)
    return { ...document, replaces: old.id, paused }
  })
}

/** The old one's expiry, or, if that is over, as long from now as the old one was good for. */
function expiryOf(
  { issuedAt, expiresAt }: { readonly issuedAt: number; readonly expiresAt: number },
  lifetimeMs: number | undefined,
  now: number,
): number {
  if (lifetimeMs !== undefined) return now + lifetimeMs
  return expiresAt > now ? expiresAt : now + Math.max(1, expiresAt - issuedAt)
}
