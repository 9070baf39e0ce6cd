import type { Voice } from '../output/output.ts'
import { isoTime, timeText } from '../text/time-text.ts'
import { type HandOutWishes, handOut } from './hand-out.ts'
import type { LinkPlan } from './link-options.ts'
import { goodFor } from './uses-text.ts'

/** What was minted. */
interface Minted {
  readonly token: {
    readonly id: string
    readonly role: 'stock' | 'foil'
    readonly uses: number | null
    readonly label?: string
    readonly expiresAt: number
  }
  readonly link: string
  qrForms(): Iterable<{ readonly text: string; readonly dropped: readonly string[] }>
}

/** A new link as `--json` tells it. */
export interface NewLinkDocument {
  readonly id: string
  /** The bearer right: whoever has it can use it. */
  readonly link: string
  /** The inviter's. */
  readonly role: 'stock' | 'foil'
  /** `null`: unlimited. */
  readonly uses: number | null
  readonly label: string | null
  readonly expiresAt: string
  readonly addresses: LinkPlan['addresses']
  /** From where it can be used, in words that follow "this invitation". */
  readonly reach: string
  /** A `taleus listen` is running, so that it can be redeemed at once. */
  readonly listening: boolean
  readonly warnings: readonly string[]
}

const ROLES = { stock: 'you are normally owed', foil: 'you normally owe' } as const

/** Show a link that is stored, and tell what it is worth. */
export async function presentNewLink(
  minted: Minted,
  plan: LinkPlan,
  wishes: HandOutWishes,
  voice: Voice,
): Promise<NewLinkDocument> {
  const { id, role, uses, label, expiresAt } = minted.token
  const until = timeText(expiresAt, { now: Date.now(), relative: process.stderr.isTTY })
  voice.note(`Invitation ${id}: ${role} (${ROLES[role]}), good ${goodFor(uses)}, expires ${until}.`)
  voice.note(`Whoever has the link can use it. It ${plan.reach}.`)
  if (plan.unheard !== undefined)
    voice.warn(`${plan.unheard}; so the link’s addresses are those of the settings`)
  else if (!plan.listening) voice.note('Nobody answers yet: start `taleus listen`.')
  if (plan.left.length > 0) voice.warn(`the link has no room for ${plan.left.join(', ')}`)
  await handOut(minted, wishes, voice)
  return {
    id,
    link: minted.link,
    role,
    uses,
    label: label ?? null,
    expiresAt: isoTime(expiresAt),
    addresses: plan.addresses,
    reach: plan.reach,
    listening: plan.listening,
    warnings: [],
  }
}
