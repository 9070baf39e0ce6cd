import type { PendingRequest, WaitingByPeer } from '../../session/ports/uses/pending-request.ts'
import type { Tables } from '../work/tables.ts'
import { by, lastBy } from './order.ts'
import { pair, type Rows } from './rows.ts'

/** The inviter's no to requests. */
export function memoryDenials({ denials }: Rows): Tables['denials'] {
  return {
    insert: (tokenId, peerId, reason) => {
      denials.add({ tokenId, peerId, reason })
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
  const { requests, requestOfRedemption, requestsOfPeerOnToken, requestsOfToken } = rows
  return {
    approve: (id, approvedAt, until) => {
      requests.update(id, isWaiting, () => ({ approvedAt, until }))
    },
    countOfPeer: (peerId) => count(requests.all(), (each) => each.peerId === peerId),
    countOfToken: (tokenId) => count(requestsOfToken.rows(tokenId), () => true),
    countWaiting: () => count(requests.all(), () => true),
    waitingOf: (peerIds) => waitingOf(requests.all(), new Set(peerIds)),
    find: (id) => requests.get(id),
    insert: (request) => requests.put(request),
    of: ({ grant, peerId, bootstrapId, another }) => {
      const own = requestsOfPeerOnToken.rows(pair(peerId, grant.tokenId))
      const same = own.find((each) => each.bootstrapId === bootstrapId)
      if (same !== undefined || (another && grant.usesAllowed !== 1)) return same
      return lastBy(
        own.filter((each) => !each.another),
        by(
          ({ since }) => since,
          ({ id }) => id,
        ),
      )
    },
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

function waitingOf(
  requests: readonly PendingRequest[],
  peerIds: ReadonlySet<string>,
): WaitingByPeer {
  const waiting = requests.filter((each) => isWaiting(each) && peerIds.has(each.peerId))
  const byPeer = Map.groupBy(waiting, ({ peerId }) => peerId)
  return new Map([...byPeer].map(([peer, own]) => [peer, new Set(own.map(({ id }) => id))]))
}

function isWaiting({ approvedAt }: PendingRequest): boolean {
  return approvedAt === undefined
}

function count(
  requests: readonly PendingRequest[],
  isMeant: (request: PendingRequest) => boolean,
): number {
  return requests.filter((each) => isWaiting(each) && isMeant(each)).length
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
