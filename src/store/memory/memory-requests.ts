import type { PendingRequest, WaitingByPeer } from '../../session/ports/uses/pending-request.ts'
import type { Tables } from '../work/tables.ts'
import { by, lastBy } from './order.ts'
import { ALL, isWaiting, pair, type Rows } from './rows.ts'

/** The inviter's no to requests. */
export function memoryDenials({ denials }: Rows): Tables['denials'] {
  return {
    insert: (tokenId, peerId, reason, at) => {
      denials.add({ tokenId, peerId, reason, at })
    },
    of: (tokenId, peerId) => {
      const row = denials.get(pair(tokenId, peerId))
      if (row === undefined) return undefined
      return row.reason === undefined ? {} : { reason: row.reason }
    },
  }
}

/** Requests at invitations by hand, until their tally is there or nothing comes of them. */
export function memoryRequests(rows: Rows): Tables['requests'] {
  const { requests, requestOfRedemption, requestsOfPeerOnToken } = rows
  const { waiting, waitingOfPeer, waitingOfToken } = rows
  return {
    approve: (id, approvedAt, until) => {
      requests.update(id, isWaiting, () => ({ approvedAt, until }))
    },
    countOfPeer: (peerId) => waitingOfPeer.count(peerId),
    countOfToken: (tokenId) => waitingOfToken.count(tokenId),
    countWaiting: () => waiting.count(ALL),
    waitingOf: (peerIds) => waitingOf(rows, peerIds),
    find: (id) => requests.get(id),
    insert: (request) => requests.put(request),
    of: (contact) => requestOf(rows, contact),
    ofPeer: (tokenId, peerId) =>
      requestsOfPeerOnToken.rows(pair(peerId, tokenId)).toSorted(by(({ id }) => id)),
    ofRedemption: (redemptionId) => requestOfRedemption.rows(redemptionId)[0],
    over: (now, limit) =>
      requests
        .all()
        .filter((each) => isOver(rows, each, now))
        .toSorted(by(({ id }) => id))
        .slice(0, limit),
    remove: (id) => {
      requests.delete(id)
    },
    rename: (id, bootstrapId) => {
      requests.update(
        id,
        () => true,
        () => ({ bootstrapId }),
      )
    },
  }
}

function requestOf(
  { requestsOfPeerOnToken }: Rows,
  { grant, peerId, bootstrapId, another }: Parameters<Tables['requests']['of']>[0],
): PendingRequest | undefined {
  const own = requestsOfPeerOnToken.rows(pair(peerId, grant.tokenId))
  const same = own.find((each) => each.bootstrapId === bootstrapId)
  const isOnly = grant.usesAllowed === 1
  if (same !== undefined || (another && !isOnly)) return same
  return lastBy(
    own.filter((each) => isOnly || !each.another),
    by(
      ({ since }) => since,
      ({ id }) => id,
    ),
  )
}

function waitingOf({ waitingOfPeer }: Rows, peerIds: readonly string[]): WaitingByPeer {
  const found = [...new Set(peerIds)].map((peer) => [peer, waitingOfPeer.rows(peer)] as const)
  return new Map(
    found
      .filter(([, own]) => own.length > 0)
      .map(([peer, own]) => [peer, new Set(own.map(({ id }) => id))]),
  )
}

function isOver(
  { redemptions, reservedOfToken, takenOfToken, tokens }: Rows,
  { approvedAt, redemptionId, tokenId, until }: PendingRequest,
  now: number,
): boolean {
  const token = tokens.get(tokenId)
  const isRevoked = token?.revokedAt !== undefined
  if (approvedAt !== undefined) {
    const redemption = redemptions.get(redemptionId)
    if (redemption?.reservedUntil === undefined) return true
    return isRevoked && redemption.state === 'reserved'
  }
  const used = takenOfToken.count(tokenId) - reservedOfToken.count(tokenId)
  const isUsedUp = typeof token?.uses === 'number' && used >= token.uses
  return isRevoked || isUsedUp || until <= now
}
