import { issueInvitation } from '../../service/invitations/issue-invitation.ts'
import { currentOperator } from '../../service/record/operator.ts'
import { type Context, withContext } from '../context.ts'
import type { Locations } from '../locations.ts'
import { warnOfClock } from '../output/clock-warning.ts'
import type { Voice } from '../output/output.ts'
import { findToken } from './find-token.ts'
import { type GrantFlags, type GrantWishes, parseGrantFlags } from './grant-options.ts'
import { checkQrFile, type HandOutWishes } from './hand-out.ts'
import { planLink } from './link-options.ts'
import { type NewLinkDocument, presentNewLink } from './new-link.ts'

export interface CreateWishes extends GrantFlags, HandOutWishes {
  readonly announce?: readonly string[] | undefined
  /** The id of an invitation to make this one after. */
  readonly like?: string | undefined
  readonly reason?: string | undefined
}

interface Grant extends Required<Omit<GrantWishes, 'label' | 'lifetimeMs'>> {
  readonly optional: readonly string[]
  readonly label?: string
}

/** What an invitation is if nothing else is said: good once, for one who is trusted to pay. */
const DEFAULT_GRANT: Grant = { role: 'stock', uses: 1, required: [], optional: [], terms: null }

/** Mint, store, then show. @throws UsageError, Failure, NoAddressError, AddressError, StoreError … */
export async function createToken(
  locations: Locations,
  wishes: CreateWishes,
  voice: Voice,
): Promise<NewLinkDocument> {
  const { like, announce } = wishes
  const given = await parseGrantFlags(wishes)
  await checkQrFile(wishes.qrFile)
  return await withContext(locations, async (context) => {
    const store = await context.store()
    const model = like === undefined ? undefined : findToken(store, like)
    const lifetimeMs = given.lifetimeMs ?? (await usualLifetime(context, model))
    const plan = await planLink(context, announce)
    const clock = await context.clock()
    warnOfClock(clock.behindMs, voice)
    const minted = await issueInvitation(store, grantOf(model ?? DEFAULT_GRANT, given), {
      peerId: await context.peerId(),
      addresses: plan.addresses.map(({ address }) => address),
      expiresAt: clock.now() + lifetimeMs,
      operator: currentOperator(wishes.reason),
      ...(model === undefined ? {} : { like: model.id }),
    })
    return await presentNewLink(minted, plan, wishes, voice)
  })
}

/** The model's, with whatever else was said. */
function grantOf(model: Grant, { lifetimeMs: _, ...given }: GrantWishes): Grant {
  const { role, uses, required, optional, terms, label } = model
  return {
    role,
    uses,
    required,
    optional,
    terms,
    ...(label === undefined ? {} : { label }),
    ...given,
  }
}

async function usualLifetime(
  context: Context,
  model: { readonly issuedAt: number; readonly expiresAt: number } | undefined,
): Promise<number> {
  if (model !== undefined) return Math.max(1, model.expiresAt - model.issuedAt)
  return (await context.settings()).number('expires')
}
