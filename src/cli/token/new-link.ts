import type { Minted } from '../../service/invitations/mint.ts'
import { isProvenOutside } from '../../service/reach/reach-report.ts'
import { goodFor } from '../../web/shared/page-words.ts'
import type { Output } from '../output/output.ts'
import { type ProofDocument, proofDocument } from '../text/reach-text.ts'
import { isoTime, timeText } from '../text/time-text.ts'
import { type HandOutOptions, handOut } from './hand-out.ts'
import type { LinkPlan } from './link-options.ts'
import { reachAdvice } from './reach-advice.ts'

/** A new link as `--json` tells it. */
export interface NewLinkDocument {
  readonly id: string
  /** The bearer right: anybody who has it can use it. */
  readonly link: string
  /** The inviter's. */
  readonly role: 'stock' | 'foil'
  /** `null`: unlimited. */
  readonly uses: number | null
  readonly label: string | null
  readonly expiresAt: string
  readonly addresses: LinkPlan['addresses']
  /** Where it can be used from, in words that follow "this invitation". */
  readonly reach: string
  /** How far the addresses were proven to lead to the running listener; times in ISO 8601. */
  readonly proofs: readonly ProofDocument[]
  /** A `taleus listen` is running, so that it can be redeemed at once. */
  readonly listening: boolean
  readonly warnings: readonly string[]
}

const ROLES = { stock: 'you are normally owed', foil: 'you normally owe' } as const

/** Shows a link, which must be stored by now, and tells what it is worth. */
export async function presentNewLink(
  minted: Minted,
  plan: LinkPlan,
  options: HandOutOptions,
  output: Output,
): Promise<NewLinkDocument> {
  const { id, role, uses, label, expiresAt } = minted.token
  const until = timeText(expiresAt, { now: Date.now(), relative: process.stderr.isTTY })
  output.note(
    `Invitation ${id}: ${role} (${ROLES[role]}), good ${goodFor(uses)}, expires ${until}.`,
  )
  output.note(`Whoever has the link can use it. It ${plan.reach}.`)
  for (const proof of plan.proofs) {
    const { address, by, problem } = proof
    const isElsewhere = isProvenOutside(proof) || proof.mapped === true
    if (by === 'self' && problem !== undefined && !isElsewhere)
      output.warn(`not met at ${address} from this computer: ${problem}`)
  }
  for (const advice of reachAdvice(plan)) output.note(advice)
  if (plan.unheard !== undefined)
    output.warn(`${plan.unheard}; the link’s addresses are those that were named`)
  else if (!plan.listening) output.note('Nobody answers yet: start `taleus listen`.')
  if (plan.left.length > 0) output.warn(`the link has no room for ${plan.left.join(', ')}`)
  await handOut(minted, options, output)
  return {
    id,
    link: minted.link,
    role,
    uses,
    label: label ?? null,
    expiresAt: isoTime(expiresAt),
    addresses: plan.addresses,
    reach: plan.reach,
    proofs: plan.proofs.map(proofDocument),
    listening: plan.listening,
    warnings: [],
  }
}
