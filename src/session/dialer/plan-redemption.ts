import { compact } from '../../protocol/base/compact.ts'
import { peerIdOfPublicKey } from '../../protocol/base/peer-id-text.ts'
import { linkHash as hashOfLink, secretToText, tokenIdOf } from '../../protocol/link/secret.ts'
import type { IdentityBundle } from '../../protocol/message/messages.ts'
import { commitmentTo } from '../../protocol/words/commitment.ts'
import type { KeptTally, Plan } from '../machine/dialer-state.ts'
import type { Attempt } from '../ports/attempt.ts'
import type { Clock } from '../ports/clock.ts'
import type { Ids } from '../ports/ids.ts'
import type { TallyLookups } from '../ports/lookups.ts'
import type { SessionStore } from '../ports/store.ts'
import type { TallyRecord } from '../ports/tally.ts'
import { readReceipt } from '../trace/tally-receipt.ts'
import { requestHashOf } from './contact-message.ts'
import type { RedeemRequest } from './redeem-request.ts'

/** A plan, and the parts of the link that may not be in it. */
export interface Planned {
  readonly plan: Plan
  readonly linkHash: string
  /** The newest attempt on the link so far. */
  readonly after: string | undefined
  /** Another session works on this link. */
  readonly isBusy: boolean
  readonly secretText: string
  /** Of the tally that came of it before. */
  readonly receipt?: string
}

export interface PlanPorts {
  readonly store: SessionStore
  readonly clock: Clock
  readonly ids: Ids
}

/** The protocol of older links. */
const LEGACY = '1.0.0'

/** Plans the redemption of a link: goes on with what was begun, or begins. */
export async function planRedemption(
  request: RedeemRequest,
  ports: PlanPorts,
  localPeer: string,
): Promise<Planned> {
  const { link, another = false } = request
  const linkHash = hashOfLink(link)
  const { identity: own, cadre: ownCadre } = request
  const wanted = { localPeer, role: link.role, identity: own, cadre: ownCadre, another }
  const { latest, kept, isBusy, tally } = await knownOf(ports, linkHash, another)
  // A later attempt that failed does not hide the tally that is there.
  const candidate = kept ?? latest
  const begun =
    candidate !== undefined && goesOn(candidate, wanted, another) ? candidate : undefined
  const identity = begun?.identity ?? wanted.identity
  const cadre = begun?.cadre ?? wanted.cadre
  const consented = request.consented ?? begun?.consented
  const attemptId = begun?.attemptId ?? ports.ids.redemption()
  // Nobody else knows it before it is told.
  const commitment = commitmentTo(attemptId)
  const bootstrapId = begun?.bootstrapId ?? commitment
  const isUntold = begun?.tallyId === undefined && bootstrapId === commitment
  const plan: Plan = compact({
    ...wanted,
    identity,
    cadre,
    ...(begun && asBefore(begun, { ...wanted, identity, cadre })),
    sessionId: ports.ids.session(),
    attemptId,
    retries: begun?.sessions,
    bootstrapId,
    opening: isUntold ? attemptId : undefined,
    tokenId: tokenIdOf(link.secret),
    inviter: peerIdOfPublicKey(link.publicKey),
    protocol: link.legacy === undefined ? undefined : LEGACY,
    expiresAt: link.expiresAt,
    addresses: link.addresses,
    kept: tally && keptOf(tally),
    inspectFirst: tally === undefined && (consented !== undefined || discloses(identity, cadre)),
    consented,
  })
  const after = latest?.attemptId
  const receipt = tally && receiptLineOf(tally, localPeer)
  const secretText = secretToText(link.secret)
  return { plan, linkHash, after, isBusy, secretText, ...compact({ receipt }) }
}

/** With a tally that was confirmed before nothing new is disclosed: a look would only keep its receipt from the inviter. */
function discloses(identity: IdentityBundle, cadre: readonly string[]): boolean {
  return Object.keys(identity).length > 0 || cadre.length > 0
}

async function knownOf({ store, clock }: PlanPorts, linkHash: string, another: boolean) {
  const { attempts, tallies } = store.lookups
  const [latest, kept, isBusy] = await Promise.all([
    attempts.latest(linkHash),
    another ? undefined : attempts.kept(linkHash),
    attempts.isLinkBusy(linkHash, clock.now()),
  ])
  return { latest, kept, isBusy, tally: await tallyOf(tallies, kept) }
}

/** Finds the tally of an attempt, if the inviter has confirmed it. */
async function tallyOf(
  tallies: TallyLookups,
  kept: Attempt | undefined,
): Promise<TallyRecord | undefined> {
  const { status, tallyId } = kept ?? {}
  const tally = status === 'confirmed' && tallyId ? await tallies.find(tallyId) : undefined
  return tally?.status === 'confirmed' ? tally : undefined
}

/** Writes the receipt as one line of JSON, as `tally receipt` does. */
function receiptLineOf(tally: TallyRecord, localPeer: string): string | undefined {
  const receipt = readReceipt(tally, localPeer)
  return receipt && JSON.stringify(receipt)
}

function keptOf({ tallyId, redemptionId, createdAt: since }: TallyRecord): KeptTally {
  return { tallyId, redemptionId, since }
}

/** Finds the request as it was made before: the inviter knows it by its exact bytes. */
function asBefore(
  begun: Attempt,
  wanted: Parameters<typeof requestHashOf>[0],
): Pick<Plan, 'another' | 'held'> {
  const same = [wanted.another, !wanted.another].find(
    (another) => requestHashOf({ ...wanted, another }) === begun.requestHash,
  )
  const held = begun.status === 'held' ? begun.tallyId : undefined
  return compact({ another: same ?? wanted.another, held })
}

/** True if this attempt is taken up again: an unfinished one, or a finished one, which then only confirms itself. */
function goesOn(
  latest: Attempt,
  wanted: Parameters<typeof requestHashOf>[0],
  another: boolean,
): boolean {
  switch (latest.status) {
    case 'ended':
      return false
    // What is held was built from what was disclosed then.
    case 'held':
      return true
    case 'confirmed':
      return !another
    case 'running':
      return latest.requestHash === requestHashOf(wanted)
    default:
      return latest.status satisfies never
  }
}
