import { compact } from '../../protocol/base/compact.ts'
import { peerIdOfPublicKey } from '../../protocol/base/peer-id-text.ts'
import { decodeLink, type LinkContent } from '../../protocol/link/link.ts'
import { tokenIdOf } from '../../protocol/link/secret.ts'
import type { IdentityBundle, Offer } from '../../protocol/message/messages.ts'
import type { BootstrapOutcome } from '../../session/dialer/outcome.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import type { PartyStore } from '../../store/query/party-store.ts'
import { noteCommand } from '../record/note-command.ts'
import { learnPlaces } from '../tallies/partner-places.ts'
import type { HearWait } from '../waiting/not-yet.ts'
import type { Patience } from '../waiting/patience.ts'
import { type Disclosure, discloseFor } from './disclosure.ts'
import {
  begunBefore,
  isAgreed,
  keptFor,
  tallyDenied,
  tallyFrom,
  unfinishedId,
} from './link-history.ts'
import { isLate, isUnreachable, lookAtOffer, type OfferTimes } from './look-at-offer.ts'
import { patienceFor } from './patience-for-link.ts'
import { redeemPatiently } from './redeem-patiently.ts'
import type { RedeemResult } from './redeem-result.ts'
import type { Redeemer } from './redeemer.ts'
import type { SeenOffer } from './seen-offer.ts'

/** The party that redeems, and its store. */
export interface RedeemPorts {
  readonly store: PartyStore
  /** Not started; it is started only if there is somebody to ask, and stopped at the end. */
  readonly redeemer: Redeemer
  readonly localPeer: string
  /** The fields that this party keeps for disclosing. */
  readonly identity: IdentityBundle
  /** Multiaddrs of the nodes that this party nominates, at most `MAX_CADRE`: the inviter is told them. */
  readonly cadre: readonly string[]
}

export interface RedeemLinkOptions {
  /** The link as it was given. */
  readonly text: string
  /** To disclose beyond what is required, or instead of what is kept. */
  readonly given: IdentityBundle
  /** The longest that a try may take, ms; without `waitMs` all of them together. */
  readonly timeoutMs: number
  /**
   * How long to begin further tries while the inviter can't be reached, ms; never past the invitation's end.
   * @default not at all
   */
  readonly waitMs?: number | undefined
  /** Told of each pause between two tries. @default nobody */
  readonly hearWait?: HearWait | undefined
  readonly another: boolean
  /** Only look: no session. */
  readonly dryRun: boolean
  readonly interrupted: AbortSignal
  /** Asks for what is missing. Undefined: there is nobody to ask. @default nobody */
  complete?(offer: SeenOffer, disclosure: Disclosure): Promise<IdentityBundle | undefined>
  /**
   * Shows the offer, and asks. False: the user does not want it.
   * @param isAnew the user has said yes before to an offer that does not hold any more
   */
  agree(offer: SeenOffer, disclosure: Disclosure, isAnew: boolean): Promise<boolean>
}

/**
 * Redeems a link for a person: looks first, asks, then goes through with it. A session that was begun before goes on
 * without a second question.
 * @throws LinkError; what `inspectOffer` throws; NoAnswerInTimeError, InterruptedError; StoreError
 */
export async function redeemLink(
  ports: RedeemPorts,
  options: RedeemLinkOptions,
): Promise<RedeemResult> {
  const link = decodeLink(options.text)
  const begun = await begunBefore(ports.store, link)
  const had = await tallyFrom(ports.store, link)
  const keptUntil = await keptFor(ports.store, link)
  if (peerIdOfPublicKey(link.publicKey) === ports.localPeer) return { kind: 'own' }
  const { redeemer } = ports
  await redeemer.start(link)
  const times = { expiresAt: link.expiresAt * 1000, ownTime: redeemer.ownTime() }
  const asking = {
    ...options,
    times,
    patience: patienceFor(redeemer.clock, link, options, keptUntil),
  }
  try {
    if (isAgreed(begun) && !options.another && !options.dryRun) {
      const request = { link, identity: begun.identity, cadre: begun.cadre }
      await recordCommand(ports.store, link, options)
      const since = had?.status === 'confirmed' ? had.createdAt : undefined
      const result = settled(await redeemPatiently(redeemer, request, asking), {
        wasBegun: true,
        since,
      })
      return isChanged(result) ? await askUntilItHolds(ports, link, asking, true) : result
    }
    if (options.dryRun && had !== undefined) return await lookAgain(ports, link, asking, had)
    return await askUntilItHolds(ports, link, asking, false)
  } finally {
    await redeemer.stop()
  }
}

/** The same, with one patience for all that is asked of the other side, and the times by which the link is judged. */
interface AskOptions extends RedeemLinkOptions {
  readonly patience: Patience
  readonly times: OfferTimes
}

/** How often one command asks about an offer that is another one each time: a person decides on each. */
const MAX_OFFERS = 5

/**
 * Asks, and asks anew if the inviter has changed its offer meanwhile.
 * @param isAnew an offer was agreed to before that does not hold any more
 */
async function askUntilItHolds(
  ports: RedeemPorts,
  link: LinkContent,
  options: AskOptions,
  isAnew: boolean,
): Promise<RedeemResult> {
  for (let offers = 1; ; offers += 1) {
    const result = await lookAndAsk(ports, link, options, isAnew || offers > 1)
    if (!isChanged(result) || offers === MAX_OFFERS) return result
  }
}

/** True if the inviter has another offer by now than the one that was agreed to. */
function isChanged(result: RedeemResult): boolean {
  return result.kind === 'failed' && result.outcome.reason === 'offer_changed'
}

async function lookAndAsk(
  ports: RedeemPorts,
  link: LinkContent,
  options: AskOptions,
  isAnew = false,
): Promise<RedeemResult> {
  const { store } = ports
  const { times } = options
  const wanted = { ...options, bootstrapId: await unfinishedId(store, link) }
  const answer = await lookAtOffer(ports.redeemer, link, times, wanted)
  if (answer instanceof Error) return { kind: 'expired', ...times, said: undefined, cause: answer }
  if (answer.type !== 'Offer') {
    const { code } = answer
    const denied = options.another ? undefined : await tallyDenied(store, link, answer)
    return code === 'expired' && denied === undefined
      ? { kind: code, ...times, said: answer }
      : compact({ kind: 'refused', refusal: answer, denied })
  }
  // The link is what the user was handed; the inviter must still mean it.
  if (answer.role !== link.role || answer.expiresAt !== link.expiresAt) return { kind: 'changed' }
  const wrongOwnTime = isLate(times) ? times.ownTime : undefined
  const inviter = peerIdOfPublicKey(link.publicKey)
  const protocol = link.legacy === undefined ? undefined : ('1.0.0' as const)
  const offer = { ...answer, inviter, ...compact({ wrongOwnTime, protocol }) }
  const { patience, given } = options
  let disclosure = discloseFor(answer.required, ports, given)
  if (options.dryRun) return { kind: 'looked', offer, disclosure }
  if (disclosure.missing.length > 0) {
    const more = await patience.notCounting(async () => await options.complete?.(offer, disclosure))
    disclosure = discloseFor(answer.required, ports, { ...given, ...more })
  }
  if (disclosure.missing.length > 0) return { kind: 'missing', fields: disclosure.missing }
  if (!(await patience.notCounting(() => options.agree(offer, disclosure, isAnew)))) {
    return { kind: 'unwanted' }
  }
  await recordCommand(store, link, options)
  const request = agreed(link, answer, disclosure, options)
  return settled(await redeemPatiently(ports.redeemer, request, options), { wasBegun: false })
}

/** Looks at an invitation that has led to a tally: that there is one is told also if the inviter is away. */
async function lookAgain(
  ports: RedeemPorts,
  link: LinkContent,
  options: AskOptions,
  tally: TallyRecord,
): Promise<RedeemResult> {
  try {
    const result = await lookAndAsk(ports, link, options)
    if (result.kind === 'looked') return { ...result, tally }
    return result.kind === 'expired' && result.said === undefined ? { kind: 'had', tally } : result
  } catch (error) {
    if (isUnreachable(error)) return { kind: 'had', tally }
    throw error
  }
}

/** Records the operator and where the inviter is, before anything is begun. */
async function recordCommand(
  store: PartyStore,
  { secret, publicKey, addresses, legacy }: LinkContent,
  { another }: Pick<RedeemLinkOptions, 'another'>,
): Promise<void> {
  const about = { tokenId: tokenIdOf(secret) }
  await noteCommand(store, 'bootstrap', about, another ? { another } : {})
  // Where the inviter can be found again, to sync the tally: an older one knows no sync.
  if (legacy !== undefined) return
  await learnPlaces(store, peerIdOfPublicKey(publicKey), addresses, Date.now())
}

function agreed(
  link: LinkContent,
  offer: Offer,
  { identity, cadre }: Disclosure,
  { another }: Pick<RedeemLinkOptions, 'another'>,
) {
  return { link, identity, cadre, another, consented: offer }
}

function settled(
  outcome: BootstrapOutcome,
  { wasBegun, since }: { readonly wasBegun: boolean; readonly since?: number | undefined },
): RedeemResult {
  if (!outcome.completed) return { kind: 'failed', outcome, wasBegun }
  return { kind: 'completed', outcome, ...compact({ since }) }
}
