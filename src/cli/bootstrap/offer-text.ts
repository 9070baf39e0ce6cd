import { wrapText } from '../../dashboard/text/fit.ts'
import type { Disclosure } from '../../service/redeeming/disclosure.ts'
import type { SeenOffer } from '../../service/redeeming/seen-offer.ts'
import type { IdentityFields } from '../settings/identity-fields.ts'
import { lines, type ScreenText } from '../text/screen-text.ts'
import { harmless, harmlessWithin } from '../text/terminal-text.ts'

/** Lines of terms that are shown; the rest is counted. */
const MAX_TERMS_LINES = 12
/** Columns of those lines, however narrow a terminal says it is. */
const MIN_TERMS_COLUMNS = 20

/** The inviter, the offer, and what would be disclosed, for a person to say yes or no to. */
export function offerText(offer: SeenOffer, told: Told, columns: number): ScreenText {
  const name = offer.name === undefined ? '' : `${harmlessWithin(offer.name, 40)}, `
  return lines([
    `From      ${name}${offer.inviter}`,
    `Role      ${roleInWords(offer.role)}`,
    `Expires   ${new Date(offer.expiresAt * 1000).toISOString()}`,
    ...disclosureText(told),
    ...optionalText(offer, told.identity),
    ...termsText(offer, columns),
    ...weakerText(offer),
  ])
}

/** Tells a person, before the question, what an older inviter does not guarantee. */
function weakerText({ protocol }: SeenOffer): string[] {
  if (protocol === undefined) return []
  return [
    `Protocol  ${protocol}, an older one, which guarantees less:`,
    '  the inviter can not be asked first: all of this is what the link says',
    '  nobody signs a receipt, and only you have the draft',
    '  if it breaks off, the inviter may not know you again: ask whether it has',
    '  the tally before you use another link',
  ]
}

/** The disclosure, with or without what is missing. */
export type Told = Pick<Disclosure, 'identity' | 'cadre'>

/** The lines of what would be disclosed, by themselves. */
export function disclosureLines(told: Told): ScreenText {
  return lines(disclosureText(told))
}

function roleInWords(inviter: SeenOffer['role']): string {
  return inviter === 'stock'
    ? 'you hold the foil: you normally owe, the inviter normally is owed'
    : 'you hold the stock: you normally are owed, the inviter normally owes'
}

function disclosureText({ identity, cadre }: Told): string[] {
  const fields = Object.entries(identity).map(([field, value]) => `${field}=${value}`)
  const what = fields.length === 0 ? 'nothing but your peer id' : fields.join(', ')
  if (cadre.length === 0) return [`Disclose  ${what}`]
  const also = fields.length === 0 ? 'your peer id' : what
  return [`Disclose  ${also}, and where you can be reached`, `Cadre     ${cadre.join(', ')}`]
}

function optionalText({ optional }: SeenOffer, identity: IdentityFields): string[] {
  const open = optional.filter((field) => !Object.hasOwn(identity, field))
  return open.length === 0 ? [] : [`Welcome   ${open.join(', ')} (--disclose)`]
}

function termsText(offer: SeenOffer, columns: number): string[] {
  const { terms } = offer
  if (offer.protocol !== undefined) return ['Terms     none that the link tells']
  if (terms === null) return ['Terms     none']
  const text = typeof terms === 'string' ? terms : JSON.stringify(terms, null, 2)
  // Wrapped, not cut: nobody agrees to half a line.
  const room = Math.max(MIN_TERMS_COLUMNS, columns - 2)
  const all = text.split('\n').flatMap((row) => wrapText(harmless(row), room))
  const shown = all.slice(0, MAX_TERMS_LINES).map((row) => `  ${row}`)
  const more = all.length - shown.length
  return ['Terms', ...shown, ...(more > 0 ? [`  … ${more} more lines: see --dry-run --json`] : [])]
}
