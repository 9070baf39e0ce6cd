import { compact } from '../../protocol/base/compact.ts'
import { peerIdOfPublicKey } from '../../protocol/base/peer-id-text.ts'
import { decodeLink, type LinkContent } from '../../protocol/link/link.ts'
import { linkHash, tokenIdOf } from '../../protocol/link/secret.ts'
import type { IdentityBundle, Offer, Refusal } from '../../protocol/message/messages.ts'
import type { LookFields } from '../../session/dialer/contact-message.ts'
import type { BootstrapOutcome } from '../../session/dialer/outcome.ts'
import { DENIALS } from '../../session/machine/dialer-endings.ts'
import type { Attempt, TallyRecord } from '../../session/ports/store.ts'
import type { Store } from '../../store/transaction/store.ts'
import { operatorRecord } from '../record/operator.ts'
import { type Disclosure, discloseFor } from './disclosure.ts'
import { Patience } from './patience.ts'
import { type No, persist } from './persist.ts'
import type { DeniedTally, RedeemResult } from './redeem-result.ts'
import type { Redeemer } from './redeemer.ts'
import type { SeenOffer } from './seen-offer.ts'
import { tallyFrom } from './tally-of-link.ts'
import { withDeadline } from './with-deadline.ts'

/** The party that redeems, and its store. */
export interface RedeemPorts {
  readonly store: Store
  /** Not started; it is started only if there is somebody to ask, and stopped at the end. */
  readonly redeemer: Redeemer
  readonly localPeer: string
  /** The fields that this party keeps for disclosing. */
  readonly identity: IdentityBundle
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
  agree(offer: SeenOffer, identity: IdentityBundle): Promise<boolean>
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

/** An inviter who is asked about what has expired by this computer's clock is mostly gone: so long it is asked, ms. */
const LATE_TIMEOUT_MS = 10_000

interface Times {
  readonly expiresAt: number
  readonly ownTime: number
}

function timesOf({ redeemer }: RedeemPorts, { expiresAt }: LinkContent): Times {
  return { expiresAt: expiresAt * 1000, ownTime: redeemer.ownTime() }
}

function isLate({ expiresAt, ownTime }: Times): boolean {
  return expiresAt <= ownTime
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
  const { store, identity } = ports
  const times = timesOf(ports, link)
  const wanted = { ...options, bootstrapId: unfinished(store, link) }
  const answer = await (isLate(times) ? lookLate : look)(ports.redeemer, link, wanted)
  if (answer instanceof Error) return { kind: 'expired', ...times, said: undefined, cause: answer }
  if (answer.type !== 'Offer') {
    const { code } = answer
    const denied = deniedBy(answer, store, link, options)
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
  let disclosure = discloseFor(answer.required, identity, given)
  if (options.dryRun) return { kind: 'looked', offer, disclosure }
  if (disclosure.missing.length > 0) {
    const more = await patience.notCounting(async () => await options.complete?.(offer, disclosure))
    disclosure = discloseFor(answer.required, identity, { ...given, ...more })
  }
  if (disclosure.missing.length > 0) return { kind: 'missing', fields: disclosure.missing }
  if (!(await patience.notCounting(() => options.agree(offer, disclosure.identity)))) {
    return { kind: 'unwanted' }
  }
  await recordCommand(store, link, options)
  const request = agreed(link, answer, disclosure, options.another)
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

function isUnreachable(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'unreachable'
}

/** Finds the tally that this side has already, if a refusal says that there is none. */
function deniedBy(
  { code }: Refusal,
  store: Store,
  link: LinkContent,
  { another }: RedeemLinkOptions,
): DeniedTally | undefined {
  if (another || !DENIALS.has(code)) return undefined
  const hash = linkHash(link)
  const tally = store.read(({ attempts, tallies }) => {
    const { status, tallyId = '' } = attempts.kept(hash) ?? {}
    return status === 'confirmed' ? tallies.find(tallyId) : undefined
  })
  return tally && { tallyId: tally.tallyId, since: tally.createdAt }
}

/** Records the operator, before anything is begun. */
async function recordCommand(
  store: Store,
  { secret }: LinkContent,
  { another }: Pick<RedeemLinkOptions, 'another'>,
): Promise<void> {
  const about = { tokenId: tokenIdOf(secret) }
  await store.write(({ audit }) =>
    audit.append(operatorRecord('bootstrap', about, another ? { another } : {})),
  )
}

function agreed(link: LinkContent, offer: Offer, { identity }: Disclosure, another: boolean) {
  return { link, identity, cadre: [], another, consented: offer }
}

function look(
  redeemer: Redeemer,
  link: LinkContent,
  { patience, interrupted, another, bootstrapId }: AskOptions & LookFields,
): Promise<Offer | Refusal> {
  const wanted = { another, bootstrapId }
  return persist(
    patience,
    interrupted,
    (ms) => withDeadline(ms, interrupted, (signal) => redeemer.inspect(link, signal, wanted)),
    (answer) => (answer.type === 'Offer' ? undefined : answer),
  )
}

/**
 * Asks an inviter about what has expired by this computer's clock: the inviter's counts. It is mostly gone.
 * @returns the error if it can't be reached
 */
async function lookLate(
  redeemer: Redeemer,
  link: LinkContent,
  options: AskOptions & LookFields,
): Promise<Offer | Refusal | Error> {
  try {
    const patience = new Patience(Math.min(options.patience.left, LATE_TIMEOUT_MS))
    return await look(redeemer, link, { ...options, patience })
  } catch (error) {
    if (isUnreachable(error)) return error
    throw error
  }
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

/** Picks the try that led to a tally, else the last one: a later failure does not hide the tally that is there. */
function begunBefore(store: Store, link: LinkContent): Attempt | undefined {
  const hash = linkHash(link)
  return store.read(({ attempts }) => attempts.kept(hash) ?? attempts.latest(hash))
}

/** The id of a try that was begun and would be gone on with: the inviter may have answered it already. */
function unfinished(store: Store, link: LinkContent): string | undefined {
  const latest = store.read(({ attempts }) => attempts.latest(linkHash(link)))
  return latest?.status === 'running' || latest?.status === 'held' ? latest.bootstrapId : undefined
}

/** True of a try that the user agreed to, or that has a tally already: nobody is asked again. */
function isAgreed(attempt: Attempt | undefined): attempt is Attempt {
  if (attempt === undefined || attempt.status === 'ended') return false
  return attempt.status !== 'running' || attempt.consented !== undefined
}

function settled(
  outcome: BootstrapOutcome,
  { wasBegun, since }: { readonly wasBegun: boolean; readonly since?: number | undefined },
): RedeemResult {
  if (!outcome.completed) return { kind: 'failed', outcome, wasBegun }
  return { kind: 'completed', outcome, ...compact({ since }) }
}
