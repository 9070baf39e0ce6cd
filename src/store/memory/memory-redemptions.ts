import { compact } from '../../protocol/base/compact.ts'
import type { Claim } from '../../session/machine/listener-state.ts'
import type { ApprovedWrite } from '../ledger/redemptions.ts'
import type { Tables } from '../work/tables.ts'
import { claimOf } from './memory-reservations.ts'
import { hasTerms, keepAgreed } from './memory-token-tables.ts'
import type { RedemptionRow } from './row-types.ts'
import { isReserved, pair, type Rows } from './rows.ts'

type State = RedemptionRow['state']

/** The redemptions from their reservation on. */
export function memoryRedemptions(rows: Rows): Tables['redemptions'] {
  return { ...approvals(rows), ...ends(rows), ...questions(rows) }
}

type Approvals = Pick<Tables['redemptions'], 'approve' | 'delegate' | 'intend' | 'putOn'>

/** Approvals by the checks: each counts under its fence only, and once. */
function approvals(rows: Rows): Approvals {
  const { redemptions, tokens } = rows
  const isRevoked = ({ tokenId }: RedemptionRow) => tokens.get(tokenId)?.revokedAt !== undefined
  const change = (
    claim: Claim,
    isMet: (row: RedemptionRow) => boolean,
    changed: (row: RedemptionRow) => Partial<RedemptionRow>,
  ): ApprovedWrite => {
    const row = redemptions.get(claim.redemptionId)
    if (row === undefined || !isReserved(row) || row.fence !== claim.fence) return 'lost'
    if (isRevoked(row)) return 'revoked'
    return redemptions.update(row.id, isMet, changed) === undefined ? 'lost' : 'done'
  }
  return {
    approve: (claim) => change(claim, isUnused, ({ fence }) => ({ approvedFence: fence })),
    intend: (claim, changedAt) =>
      change(
        claim,
        (row) => row.state !== 'delegated' && isUnused(row),
        ({ fence }) => ({ state: 'provisioning', approvedFence: -fence, changedAt }),
      ),
    delegate: (claim, response, reservedUntil) => {
      const said = change(
        claim,
        (row) => row.state !== 'provisioning' && row.approvedFence === row.fence,
        ({ fence, reservedUntil: before = 0 }) => ({
          state: 'delegated',
          approvedFence: -fence,
          // One that is held by the inviter's own yes stays held for longer.
          reservedUntil: Math.max(before, reservedUntil),
        }),
      )
      if (said === 'done') keepAnswer(rows, claim, response, undefined)
      return said
    },
    putOn: (id, grant) => {
      redemptions.update(id, isReserved, ({ tokenId, revision }) => {
        keepAgreed(rows, tokenId, grant)
        const token = tokens.get(tokenId)
        const past = [revision, grant.revision].find((each) => {
          const terms = each === undefined ? undefined : token?.pastTerms[each]
          return terms !== undefined && hasTerms(terms, grant)
        })
        const isOfToken = token !== undefined && hasTerms(token, grant)
        return { revision: past ?? (isOfToken ? token.revision : undefined) }
      })
    },
  }
}

function isUnused({ approvedFence, fence }: RedemptionRow): boolean {
  return approvedFence > -fence
}

function keepAnswer(
  { answers }: Rows,
  { redemptionId }: Claim,
  response: Uint8Array | undefined,
  receipt: Uint8Array | undefined,
): void {
  const earlier = answers.get(redemptionId)?.response
  answers.put({ redemptionId, response: response ?? earlier, receipt })
}

type Ends = Pick<Tables['redemptions'], 'bootstrapIdOf' | 'commit' | 'confirm' | 'release'>

function ends(rows: Rows): Ends {
  const { redemptions } = rows
  return {
    bootstrapIdOf: (redemptionId) => redemptions.get(redemptionId)?.bootstrapId,
    commit: (claim, { delivery, tallyId, response, receipt }, changedAt) => {
      const committed = { delivery, tallyId, responseHash: response?.hash, changedAt }
      const row = redemptions.update(claim.redemptionId, isHeldBy(claim), () => ({
        ...committed,
        ...settled('committed'),
      }))
      if (row !== undefined) keepAnswer(rows, claim, response?.payload, receipt)
      return row !== undefined
    },
    confirm: (redemptionId, peerId, responseHash, changedAt) => {
      const row = redemptions.update(
        redemptionId,
        (each) => isAnswer(each, peerId, responseHash) && each.withdrawnAt === undefined,
        () => ({ delivery: 'confirmed', changedAt }),
      )
      return row && { tallyId: row.tallyId, tokenId: row.tokenId }
    },
    release: (claim, releasedFor, changedAt) => {
      const released = { ...settled('released'), releasedFor, changedAt }
      const row = redemptions.update(claim.redemptionId, isHeldBy(claim), () => released)
      if (row !== undefined) rows.freeSlots.put({ tokenId: row.tokenId, slot: row.slot })
      return row !== undefined
    },
  }
}

function isHeldBy({ fence }: Claim): (row: RedemptionRow) => boolean {
  return (row) => isReserved(row) && row.fence === fence
}

function settled(state: State) {
  return { state, reservedUntil: undefined }
}

/** True if this peer was given that answer, withdrawn since or not. */
export function isAnswer(row: RedemptionRow, peerId: string, responseHash: string): boolean {
  return row.state === 'committed' && row.peerId === peerId && row.responseHash === responseHash
}

type Questions = Omit<Tables['redemptions'], keyof Approvals | keyof Ends>

function questions({
  answers,
  buildingOfTally,
  redemptions,
  reservedOfToken,
  takenOfToken,
}: Rows): Questions {
  return {
    builderOf: ({ redemptionId, fence }) => {
      const row = redemptions.get(redemptionId)
      if (row?.state !== 'provisioning' || row.fence !== fence) return undefined
      return { sessionId: row.sessionId, peerId: row.peerId }
    },
    committedUses: (tokenId) => takenOfToken.count(tokenId) - reservedOfToken.count(tokenId),
    isBuilding: (tallyId) => buildingOfTally.count(tallyId) > 0,
    knows: (redemptionId, tokenId, peerId) => {
      const row = redemptions.get(redemptionId)
      if (row === undefined || row.state === 'released') return false
      return pair(row.tokenId, row.peerId) === pair(tokenId, peerId)
    },
    lapsed: (now, limit) =>
      redemptions
        .all()
        .filter(({ reservedUntil }) => reservedUntil !== undefined && reservedUntil < now)
        .slice(0, limit)
        .map(reservationOf),
    standing: (redemptionId) => {
      const row = redemptions.get(redemptionId)
      return row !== undefined && isReserved(row) ? reservationOf(row) : undefined
    },
    storedReceipt: (redemptionId) => answers.get(redemptionId)?.receipt,
    storedResponse: (redemptionId) => answers.get(redemptionId)?.response,
  }
}

export function reservationOf(row: RedemptionRow) {
  const { tokenId, peerId, sessionId, state } = row
  return compact({ claim: claimOf(row), tokenId, peerId, sessionId, state })
}
