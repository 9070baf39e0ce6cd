import { compact } from '../../protocol/base/compact.ts'
import { peerIdOfPublicKey } from '../../protocol/base/peer-id-text.ts'
import { decodeLink, type LinkContent } from '../../protocol/link/link.ts'
import { tokenIdOf } from '../../protocol/link/secret.ts'
import type { IdentityBundle, Offer } from '../../protocol/message/messages.ts'
import type { BootstrapOutcome } from '../../session/dialer/outcome.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import type { Store } from '../../store/transaction/store.ts'
import { operatorRecord } from '../record/operator.ts'
import { learnPlaces } from '../tallies/partner-places.ts'
import { type Disclosure, discloseFor } from './disclosure.ts'
import { begunBefore, isAgreed, tallyDenied, tallyFrom, unfinishedId } from './link-history.ts'
import { isLate, isUnreachable, lookAtOffer } from './look-at-offer.ts'
import { Patience } from './patience.ts'
import { type No, persist } from './persist.ts'
import type { RedeemResult } from './redeem-result.ts'
import type { Redeemer } from './redeemer.ts'
import type { SeenOffer } from './seen-offer.ts'

/** The party that redeems, and its store. */
export interface RedeemPorts {
  readonly store: Store
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
  readonly timeoutMs: number
  readonly another: boolean
  /** Only look: no session. */
  readonly dryRun: boolean
  readonly interrupted: AbortSignal
  /** Asks for what is missing. Undefined: there is nobody to ask. @default nobody */
  complete?(offer: SeenOffer, disclosure: Disclosure): Promise<IdentityBundle | undefined>
  /** Shows the offer, and asks. False: the user does not want it. */
  agree(offer: SeenOffer, disclosure: Disclosure): Promise<boolean>
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
  const begun = begunBefore(ports.store, link)
  const had = tallyFrom(ports.store, link)
  if (peerIdOfPublicKey(link.publicKey) === ports.localPeer) return { kind: 'own' }
  const { redeemer } = ports
  await redeemer.start()
  const asking = { ...options, patience: new Patience(options.timeoutMs) }
  try {
    if (isAgreed(begun) && !options.another && !options.dryRun) {
      const request = { link, identity: begun.identity, cadre: begun.cadre }
      await recordCommand(ports.store, link, options)
      const since = had?.status === 'confirmed' ? had.createdAt : undefined
      return settled(await go(redeemer, request, asking), { wasBegun: true, since })
    }
    if (options.dryRun && had !== undefined) return await lookAgain(ports, link, asking, had)
    return await lookAndAsk(ports, link, asking)
  } finally {
    await redeemer.stop()
  }
}

/** The same, with one patience for all that is asked of the other side. */
interface AskOptions extends RedeemLinkOptions {
  readonly patience: Patience
}

async function lookAndAsk(
  ports: RedeemPorts,
  link: LinkContent,
  options: AskOptions,
): Promise<RedeemResult> {
  const { store } = ports
  const times = { expiresAt: link.expiresAt * 1000, ownTime: ports.redeemer.ownTime() }
  const wanted = { ...options, bootstrapId: unfinishedId(store, link) }
  const answer = await lookAtOffer(ports.redeemer, link, times, wanted)
  if (answer instanceof Error) return { kind: 'expired', ...times, said: undefined, cause: answer }
  if (answer.type !== 'Offer') {
    const { code } = answer
    const denied = options.another ? undefined : tallyDenied(store, link, answer)
    return code === 'expired' && denied === undefined
      ? { kind: code, ...times, said: answer }
      : compact({ kind: 'refused', refusal: answer, denied })
  }
  // The link is what the user was handed; the inviter must still mean it.
  if (answer.role !== link.role || answer.expiresAt !== link.expiresAt) return { kind: 'changed' }
  const wrongOwnTime = isLate(times) ? times.ownTime : undefined
  const inviter = peerIdOfPublicKey(link.publicKey)
  const offer = { ...answer, inviter, ...compact({ wrongOwnTime }) }
  const { patience, given } = options
  let disclosure = discloseFor(answer.required, ports, given)
  if (options.dryRun) return { kind: 'looked', offer, disclosure }
  if (disclosure.missing.length > 0) {
    const more = await patience.notCounting(async () => await options.complete?.(offer, disclosure))
    disclosure = discloseFor(answer.required, ports, { ...given, ...more })
  }
  if (disclosure.missing.length > 0) return { kind: 'missing', fields: disclosure.missing }
  if (!(await patience.notCounting(() => options.agree(offer, disclosure)))) {
    return { kind: 'unwanted' }
  }
  await recordCommand(store, link, options)
  const request = agreed(link, answer, disclosure, options)
  return settled(await go(ports.redeemer, request, options), { wasBegun: false })
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
  store: Store,
  { secret, publicKey, addresses }: LinkContent,
  { another }: Pick<RedeemLinkOptions, 'another'>,
): Promise<void> {
  const about = { tokenId: tokenIdOf(secret) }
  await store.write(({ audit }) =>
    audit.append(operatorRecord('bootstrap', about, another ? { another } : {})),
  )
  // Where the inviter can be found again, to sync the tally.
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

/** Redeems. What an earlier try of these disclosed is told with the last one. */
async function go(
  redeemer: Redeemer,
  request: Parameters<Redeemer['redeem']>[0],
  { interrupted, patience }: AskOptions,
): Promise<BootstrapOutcome> {
  const disclosed = new Set<string>()
  const outcome = await persist(
    patience,
    interrupted,
    async (timeoutMs) => {
      const each = await redeemer.redeem({ ...request, signal: interrupted, timeoutMs })
      if (!each.completed) for (const field of each.disclosed) disclosed.add(field)
      return each
    },
    noIn,
  )
  return outcome.completed ? outcome : { ...outcome, disclosed: [...disclosed] }
}

function noIn(outcome: BootstrapOutcome): No | undefined {
  if (outcome.completed) return undefined
  const { reason: code, retryAfterMs } = outcome
  return { code, retryAfterMs }
}

function settled(
  outcome: BootstrapOutcome,
  { wasBegun, since }: { readonly wasBegun: boolean; readonly since?: number | undefined },
): RedeemResult {
  if (!outcome.completed) return { kind: 'failed', outcome, wasBegun }
  return { kind: 'completed', outcome, ...compact({ since }) }
}
