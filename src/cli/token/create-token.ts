import { compact } from '../../protocol/base/compact.ts'
import { issueInvitation } from '../../service/invitations/issue-invitation.ts'
import { currentOperator } from '../../service/record/operator.ts'
import { type Context, withContext } from '../context.ts'
import { behindPage, pageOfLinks } from '../handout/behind-page.ts'
import { mintWithFiles } from '../handout/handed-files.ts'
import { type FileOptions, openHandedFiles } from '../handout/open-handed-files.ts'
import type { Locations } from '../locations.ts'
import { warnOfClock } from '../output/clock-warning.ts'
import type { Output } from '../output/output.ts'
import { findToken } from './find-token.ts'
import { confirmFlaggedFields } from './flagged-fields.ts'
import { type GrantFlags, type GrantOptions, parseGrantFlags } from './grant-options.ts'
import { checkQrFile, type HandOutOptions } from './hand-out.ts'
import { planLink } from './link-options.ts'
import { type NewLinkDocument, presentNewLink } from './new-link.ts'

export interface CreateOptions extends GrantFlags, HandOutOptions, FileOptions {
  readonly announce?: readonly string[] | undefined
  /** The id of an invitation to make this one after. */
  readonly like?: string | undefined
  readonly reason?: string | undefined
}

interface Grant extends Required<Omit<GrantOptions, 'label' | 'lifetimeMs' | 'byHand'>> {
  readonly optional: readonly string[]
  readonly label?: string
  readonly byHand?: true
}

/** The invitation made when nothing else is said: good once, for one who is trusted to pay. */
const DEFAULT_GRANT: Grant = { role: 'stock', uses: 1, required: [], optional: [], terms: null }

/**
 * Mints an invitation, stores it, then shows it.
 * @throws UsageError, CommandFailure, NoAddressError, AddressError, StoreError …
 */
export async function createToken(
  locations: Locations,
  options: CreateOptions,
  output: Output,
): Promise<NewLinkDocument> {
  const given = await parseGrantFlags(options)
  await checkQrFile(options.qrFile)
  await confirmFlaggedFields(given, options.mayAsk, output)
  const work = async (context: Context) => {
    const { like } = options
    const model = like === undefined ? undefined : await findToken(await context.store(), like)
    const byHand = given.byHand ?? (await isUsuallyByHand(context, model))
    const grant = grantOf(model ?? DEFAULT_GRANT, { ...given, byHand })
    const lifetimeMs = given.lifetimeMs ?? (await usualLifetime(context, model))
    const page = await pageOfLinks(context, options['base-url'])
    const plan = await planLink(context, options.announce)
    const files = await openHandedFiles(context, options, grant)
    const minted = await mintWithFiles(files, output, async () => {
      const clock = await context.clock()
      warnOfClock(clock.behindMs, output)
      const init = compact({
        peerId: await context.peerId(),
        addresses: plan.addresses.map(({ address }) => address),
        nodes: plan.nodes,
        expiresAt: clock.now() + lifetimeMs,
        operator: currentOperator(options.reason),
        like: model?.id,
      })
      return behindPage(await issueInvitation(await context.store(), grant, init), page)
    })
    return await presentNewLink(minted, plan, options, output)
  }
  return await withContext(locations, work, output.newParty)
}

/** The model's grant, with what the command line says otherwise. */
function grantOf(model: Grant, { lifetimeMs: _, byHand, ...given }: GrantOptions): Grant {
  const { role, uses, required, optional, terms, label } = model
  const grant = { ...compact({ role, uses, required, optional, terms, label }), ...given }
  // A field is asked for once.
  const welcome = grant.optional.filter((field) => !grant.required.includes(field))
  return { ...grant, optional: welcome, ...(byHand === true ? { byHand } : {}) }
}

/** As the model is; without one, as the settings say. */
async function isUsuallyByHand(
  context: Context,
  model: { readonly byHand?: true } | undefined,
): Promise<boolean> {
  if (model !== undefined) return model.byHand === true
  return (await context.settings()).effective('approve').value === 'on'
}

async function usualLifetime(
  context: Context,
  model: { readonly issuedAt: number; readonly expiresAt: number } | undefined,
): Promise<number> {
  if (model !== undefined) return Math.max(1, model.expiresAt - model.issuedAt)
  return (await context.settings()).number('expires')
}
