import { decodeLink, type LinkContent } from '../../protocol/link.ts'
import type { Offer } from '../../protocol/messages.ts'
import { askYesNo } from '../ask.ts'
import { openContext } from '../context.ts'
import { Failure } from '../failure.ts'
import { type IdentityFields, parseIdentityFields } from '../identity-fields.ts'
import type { Locations } from '../locations.ts'
import { readLink } from '../read-link.ts'
import { parseSetting } from '../setting-text.ts'
import { completedDocument, completedText, lookedDocument } from './bootstrap-document.ts'
import type { Disclosure } from './disclosure.ts'
import { declineLink } from './decline-link.ts'
import { watchInterruption } from './interruption.ts'
import { offerText } from './offer-text.ts'
import { redeemLink } from './redeem-link.ts'

export interface BootstrapWishes {
  readonly locations: Locations
  readonly argument: string | undefined
  readonly linkFile: string | undefined
  readonly qrImage: string | undefined
  readonly disclose: readonly string[]
  readonly timeout: string | undefined
  readonly yes: boolean
  readonly another: boolean
  readonly dryRun: boolean
  readonly decline: boolean
  readonly reason: string | undefined
  /** To stderr. */
  note(text: string): void
}

/** What was done, for people and for scripts. */
export interface BootstrapAnswer {
  readonly text: string
  readonly document: object
}

/** @throws UsageError, LinkError, Failure, and what the store throws */
export async function runBootstrap(wishes: BootstrapWishes): Promise<BootstrapAnswer> {
  const { argument, linkFile, qrImage } = wishes
  const text = await readLink({ argument, linkFile, qrImage }, process.stdin)
  const interruption = watchInterruption((signal) => process.exit(signal === 'SIGINT' ? 130 : 143))
  const context = openContext(wishes.locations)
  try {
    const settings = await context.settings()
    const given = wishes.timeout === undefined ? undefined : parseSetting('timeout', [wishes.timeout])
    const timeoutMs = settings.number('timeout', typeof given === 'number' ? given : undefined)
    const { signal } = interruption
    if (wishes.decline) {
      await declineLink(context, text, wishes.reason, timeoutMs, signal)
      return { text: 'Declined; the inviter has been told.', document: { declined: true } }
    }
    const result = await redeemLink(context, {
      text,
      given: parseIdentityFields(wishes.disclose),
      timeoutMs,
      another: wishes.another,
      dryRun: wishes.dryRun,
      interrupted: signal,
      agree: (link, offer, identity) => agree(wishes, link, offer, identity),
    })
    switch (result.kind) {
      case 'completed':
        return { text: completedText(result.outcome), document: completedDocument(result.outcome) }
      case 'looked':
        return looked(decodeLink(text), result.offer, result.disclosure)
      case 'unwanted':
        throw new Failure('declined', { detail: 'by you; the invitation stays good' })
      default:
        return result satisfies never
    }
  } catch (error) {
    if (interruption.received() === 'SIGTERM') throw new Failure('terminated', { cause: error })
    if (interruption.received() === 'SIGINT') throw new Failure('interrupted', { cause: error })
    throw error
  } finally {
    interruption.release()
    context.close()
  }
}

/** A script has said yes beforehand; a person sees it first. */
async function agree(
  { yes, note }: BootstrapWishes,
  link: LinkContent,
  offer: Offer,
  identity: IdentityFields,
): Promise<boolean> {
  note(offerText(link, offer, identity, process.stderr.columns ?? 80))
  if (yes) return true
  return await askYesNo('Start this tally?', { input: process.stdin, output: process.stderr })
}

function looked(link: LinkContent, offer: Offer, disclosure: Disclosure): BootstrapAnswer {
  const { identity, missing } = disclosure
  const shown = offerText(link, offer, identity, process.stdout.columns ?? 80)
  const text = missing.length === 0 ? shown : `${shown}\nMissing   ${missing.join(', ')}`
  return { text, document: lookedDocument(offer, disclosure) }
}
