import { setTimeout as sleep } from 'node:timers/promises'
import { decodeLink, type LinkContent } from '../../protocol/link.ts'
import type { Offer } from '../../protocol/messages.ts'
import { peerIdOfPublicKey } from '../../protocol/peer-id-text.ts'
import { linkHash } from '../../protocol/secret.ts'
import type { Redeemer } from '../../service/redeemer.ts'
import type { BootstrapCompleted, BootstrapOutcome } from '../../session/outcome.ts'
import type { Attempt } from '../../session/ports/store.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import type { IdentityFields } from '../identity-fields.ts'
import { type Disclosure, discloseFor } from './disclosure.ts'
import { failureOf, failureOfRefusal } from './outcome-failure.ts'
import { withDeadline } from './with-deadline.ts'

export interface RedeemWishes {
  /** The link as it was given. */
  readonly text: string
  /** `--disclose` */
  readonly given: IdentityFields
  readonly timeoutMs: number
  readonly another: boolean
  /** Only look: no session. */
  readonly dryRun: boolean
  readonly interrupted: AbortSignal
  /** Show the offer, and ask. False: the user does not want it. */
  agree(link: LinkContent, offer: Offer, identity: IdentityFields): Promise<boolean>
}

/** What came of it. Everything that is no tally is thrown as a `Failure`. */
export type RedeemResult =
  | { readonly kind: 'completed'; readonly outcome: BootstrapCompleted }
  | { readonly kind: 'looked'; readonly offer: Offer; readonly disclosure: Disclosure }
  | { readonly kind: 'unwanted' }

/** @throws LinkError, Failure, StoreError */
export async function redeemLink(context: Context, wishes: RedeemWishes): Promise<RedeemResult> {
  const link = decodeLink(wishes.text)
  const store = await context.store()
  const begun = store.read(({ attempts }) => attempts.latest(linkHash(link)))
  refuseOwn(link, await context.peerId())
  refuseExpired(link, begun)
  const redeemer = await context.redeemer({})
  await redeemer.start()
  try {
    return await redeemWith(redeemer, context, link, begun, wishes)
  } finally {
    await redeemer.stop()
  }
}

async function redeemWith(
  redeemer: Redeemer,
  context: Context,
  link: LinkContent,
  begun: Attempt | undefined,
  wishes: RedeemWishes,
): Promise<RedeemResult> {
  const { interrupted, timeoutMs, another, dryRun } = wishes
  // What was agreed to before, and perhaps stored, needs no second question.
  if (isAgreed(begun) && !another && !dryRun) {
    const request = { link, identity: begun.identity, cadre: begun.cadre }
    return completed(await persist(redeemer, { ...request, signal: interrupted }, timeoutMs))
  }
  const answer = await withDeadline(timeoutMs, interrupted, (signal) =>
    redeemer.inspect(link, signal),
  )
  if (answer.type !== 'Offer') throw failureOfRefusal(answer)
  refuseChanged(link, answer)
  const settings = await context.settings()
  const disclosure = discloseFor(answer.required, settings.identity, wishes.given)
  if (dryRun) return { kind: 'looked', offer: answer, disclosure }
  if (disclosure.missing.length > 0) {
    throw new Failure('identity_required', { fields: disclosure.missing })
  }
  if (!(await wishes.agree(link, answer, disclosure.identity))) return { kind: 'unwanted' }
  const request = { link, identity: disclosure.identity, cadre: [], another, consented: answer }
  return completed(await persist(redeemer, { ...request, signal: interrupted }, timeoutMs))
}

function isAgreed(attempt: Attempt | undefined): attempt is Attempt {
  return attempt !== undefined && attempt.status !== 'ended'
}

function completed(outcome: BootstrapOutcome): RedeemResult {
  if (!outcome.completed) throw failureOf(outcome)
  return { kind: 'completed', outcome }
}

/** "Come again in a moment" is followed for as long as the user is willing to wait. */
async function persist(
  redeemer: Redeemer,
  request: Parameters<Redeemer['redeem']>[0],
  timeoutMs: number,
): Promise<BootstrapOutcome> {
  const until = performance.now() + timeoutMs
  for (;;) {
    const left = Math.max(1, until - performance.now())
    const outcome = await redeemer.redeem({ ...request, timeoutMs: left })
    if (outcome.completed || outcome.retryAfterMs === undefined) return outcome
    // Everybody who was turned away at once must not come back at once.
    const pause = outcome.retryAfterMs * (1 + Math.random() / 4)
    if (performance.now() + pause >= until || request.signal?.aborted === true) return outcome
    await sleep(pause, undefined, request.signal === undefined ? {} : { signal: request.signal }).catch(
      () => undefined,
    )
  }
}

function refuseOwn(link: LinkContent, localPeer: string): void {
  if (peerIdOfPublicKey(link.publicKey) === localPeer) throw new Failure('own_invitation')
}

/** What began in time may be finished late. */
function refuseExpired(link: LinkContent, begun: Attempt | undefined): void {
  if (link.expiresAt * 1000 <= Date.now() && !isAgreed(begun)) throw new Failure('expired')
}

/** The link is what the user was handed; the inviter must still mean it. */
function refuseChanged(link: LinkContent, offer: Offer): void {
  if (offer.role === link.role && offer.expiresAt === link.expiresAt) return
  throw new Failure('mismatch')
}
