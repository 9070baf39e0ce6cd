import { compact } from '../../protocol/base/compact.ts'
import { commitmentTo } from '../../protocol/words/commitment.ts'
import type { TallyRecord } from '../../session/ports/tally.ts'
import type { ReserveRequest } from '../../session/ports/uses/reservation.ts'
import type { AnswerTo, InviterWrite } from '../../session/ports/write.ts'
import type { ApprovedWrite } from '../ledger/redemptions.ts'
import { DECLINED, NOT_BY_HAND } from '../ledger/refused-uses.ts'
import type { Appliers } from './appliers.ts'
import { keepAsked, reserveByHand } from './by-hand.ts'
import { endRequest, sayNo, sayYes } from './decide-request.ts'
import { dropRequest, releaseClaim } from './drop-request.ts'
import { cancelRemoval } from './removal-writes.ts'
import { reserveUse } from './reserve-use.ts'
import type { Tables } from './tables.ts'
import { WriteRefused } from './write-refused.ts'

export const INVITER_WRITES: Appliers<InviterWrite> = {
  reserve: (tables, { request }) => reserve(tables, request),
  resume,
  keepRequest: keepAsked,
  approveRequest: sayYes,
  denyRequest: sayNo,
  endRequest,
  approve: ({ redemptions }, { claim }) => allowed(redemptions.approve(claim)),
  intendProvision: (tables, { claim, now }) => {
    const answer = cancelRemoval(tables, claim.tallyId)
    allowed(tables.redemptions.intend(claim, now))
    return answer
  },
  delegate: ({ redemptions }, { claim, response, reservedUntil }) =>
    allowed(redemptions.delegate(claim, response, reservedUntil)),
  commit,
  confirm,
  release: (tables, { claim, reason, now }) => releaseClaim(tables, claim, reason, now),
  decline: (tables, { tokenId, reason, now, facts }) => {
    const { peerId } = facts
    const own = tables.requests.ofPeer(tokenId, peerId)
    const ended = own.map((request) => dropRequest(tables, request, 'declined', now))
    tables.declines.insert(tokenId, peerId, reason, now)
    return { ended }
  },
  noteLostUse: (tables, { lost, stop, now }) => {
    const isNews = tables.lostUses.note(lost)
    return { isNews, isStopped: stop !== undefined && stopToken(tables, stop, now) }
  },
}

type WriteOf<Op extends InviterWrite['op']> = Extract<InviterWrite, { readonly op: Op }>

function reserve(tables: Tables, request: ReserveRequest): AnswerTo['reserve'] {
  const { declines, reservations, tokens } = tables
  const { grant, peerId, unlessAnswered } = request
  const isOwnByHand = tokens.ownByHand(grant.tokenId)
  if (grant.byHand === true) {
    return isOwnByHand === false
      ? (reservations.resume(request) ?? NOT_BY_HAND)
      : reserveByHand(tables, request)
  }
  if (isOwnByHand === true) {
    const outcome = reserveByHand(tables, { ...request, grant: { ...grant, byHand: true } })
    return outcome.kind === 'refused' ? outcome : { ...outcome, byHand: true }
  }
  // A decline takes nothing away from a peer that has the answer already, nor does a pause.
  const refusal = unlessAnswered ?? (declines.has(grant.tokenId, peerId) ? DECLINED : undefined)
  if (refusal === undefined) return reserveUse(tables, request)
  return reservations.resume(request) ?? refusal
}

function resume(
  tables: Tables,
  { tokenId, request, denied }: WriteOf<'resume'>,
): AnswerTo['resume'] {
  const { reservations, tokens } = tables
  const grant = tokens.grantOf(tokenId)
  if (grant?.byHand === true && denied === 'expired') {
    // What came in time may be said yes to after that.
    const outcome = reserveByHand(tables, { ...request, grant })
    return outcome.kind === 'refused' && outcome.code === 'expired' ? {} : { grant, outcome }
  }
  const outcome = grant && reservations.resume({ ...request, grant })
  if (outcome?.kind === 'replayed') return compact({ grant, outcome })
  // Whoever hears that nothing is here throws away what it built; and its result may be on its way.
  return outcome?.kind === 'refused' && STANDING.has(outcome.code) ? { outcome } : {}
}

const STANDING: ReadonlySet<string> = new Set(['in_progress', 'withdrawn'])

function allowed(written: ApprovedWrite): undefined {
  if (written !== 'done') throw new WriteRefused(written === 'revoked' ? 'revoked' : 'fence')
}

function commit(
  { notices, redemptions, requests, tallies }: Tables,
  { claim, grant, tally, response, receipt, now, notice }: WriteOf<'commit'>,
): AnswerTo['commit'] {
  const { tallyId, status } = tally
  const delivery = status === 'confirmed' ? 'confirmed' : 'offered'
  const made = compact({ response, receipt, tallyId, delivery })
  if (!redemptions.commit(claim, made, now)) throw new WriteRefused('fence')
  // Another redemption's tally is not overwritten, whatever id a database hook came up with.
  if (!tallies.insert(withRightOpening(redemptions, tally))) throw new WriteRefused('taken')
  const asked = grant.byHand === true ? requests.ofRedemption(claim.redemptionId) : undefined
  if (asked !== undefined) requests.remove(asked.id)
  if (notice !== undefined) notices.owe(notice.notice, now, notice.dueAt)
  const { usesAllowed, tokenId } = grant
  return { isLast: usesAllowed !== null && redemptions.committedUses(tokenId) >= usesAllowed }
}

function confirm(
  { reaping, redemptions, tallies }: Tables,
  { redemptionId, responseHash, now, signature, opening, facts }: WriteOf<'confirm'>,
): AnswerTo['confirm'] {
  const { peerId } = facts
  const found = redemptions.confirm(redemptionId, peerId, responseHash, now)
  if (found === undefined) {
    const isWithdrawn = reaping.isWithdrawn(redemptionId, peerId, responseHash)
    return { isKnown: false, isWithdrawn }
  }
  const share = isRight(redemptions, redemptionId, opening) ? opening : undefined
  const isNews = tallies.confirm(found.tallyId, compact({ invitee: signature, opening: share }))
  return { isKnown: true, ...found, isNews }
}

/** True of a number that the contact had committed to when it was answered. */
function isRight(
  redemptions: Tables['redemptions'],
  redemptionId: string,
  opening: string | undefined,
): boolean {
  if (opening === undefined) return false
  return commitmentTo(opening) === redemptions.bootstrapIdOf(redemptionId)
}

/** Without a number that is not the right one: then there are no words to compare. */
function withRightOpening(
  redemptions: Tables['redemptions'],
  { receipt, ...tally }: TallyRecord,
): TallyRecord {
  if (receipt === undefined) return tally
  const { opening, ...marks } = receipt
  return { ...tally, receipt: isRight(redemptions, tally.redemptionId, opening) ? receipt : marks }
}

function stopToken(
  { tokens }: Tables,
  { tokenId: id, usesAllowed: uses, ...grant }: NonNullable<WriteOf<'noteLostUse'>['stop']>,
  now: number,
): boolean {
  // A foreign hook's token, which has no row here before its first use.
  tokens.mirror({ id, uses, issuedAt: now, ...grant })
  return tokens.revoke(id, now)
}
