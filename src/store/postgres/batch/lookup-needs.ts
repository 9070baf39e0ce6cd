import type { StoreLookups } from '../../../session/ports/lookups.ts'
import type { LoadName } from '../loads/load-name.ts'
import type { Needs } from '../loads/needs.ts'

type NeedsOf = {
  readonly [Subject in keyof StoreLookups]: {
    readonly [Name in keyof StoreLookups[Subject]]: StoreLookups[Subject][Name] extends (
      ...all: infer All
    ) => unknown
      ? (needs: Needs, ...all: All) => void
      : never
  }
}

/** Tells what each lookup has to know. */
export const LOOKUP_NEEDS: NeedsOf = {
  redemptions: {
    prospect: (needs, { grant, peerId: peer, bootstrapId }) => {
      const { tokenId: token } = grant
      needs.addIds('tokens', [token])
      needs.add('redemptionsOfPair', { token, peer, bootstrap: bootstrapId ?? null, most: 1 })
      // A hook may not say that the ledger's own token is by hand.
      needs.add('denials', { token, peer })
      needs.add('requestsOfPair', { token, peer })
    },
    standing: (needs, redemptionId) => needs.addIds('redemptions', [redemptionId]),
    knows: (needs, redemptionId) => needs.addIds('redemptions', [redemptionId]),
    holdsAny: (needs, peerId) => needs.addIds('unsettledOfPeers', [peerId]),
    response: (needs, redemptionId) => needs.addIds('answers', [redemptionId]),
    receipt: (needs, redemptionId) => needs.addIds('answers', [redemptionId]),
    lapsed: (needs, now, most) => needs.add('lapsed', { now, most }),
  },
  requests: {
    countWaiting: (needs) => needs.add('waiting', { one: 1 }),
    waitingOf: (needs, peerIds) => needs.addIds('requestsOfPeers', peerIds),
    over: (needs, now, most) => needs.add('requestsOver', { now, most }),
  },
  tokens: {
    grantOf: (needs, tokenId) => needs.addIds('tokens', [tokenId]),
    hasDeclined: (needs, token, peer) => needs.add('declines', { token, peer }),
    hasExpired: (needs, now) => needs.add('expiredTokens', { now, most: 1 }),
  },
  tallies: {
    find: (needs, tallyId) => needs.addIds('tallies', [tallyId]),
    ofRedemption: (needs, id) => about(needs, ['redemptions', 'talliesOfRedemptions'], id),
  },
  attempts: {
    latest: (needs, linkHash) => needs.addIds('attemptsOnLinks', [linkHash]),
    kept: (needs, linkHash) => about(needs, ['attemptsOnLinks', 'talliesOfLinks'], linkHash),
    isLinkBusy: (needs, linkHash) => needs.addIds('attemptsOnLinks', [linkHash]),
    holders: (needs) => needs.add('heldAttempts', { one: 1 }),
  },
  removals: {
    claimOf: (needs, tallyId) => needs.addIds('removals', [tallyId]),
    due: (needs, now, most) => needs.add('dueRemovals', { now, most }),
  },
  notices: {
    find: (needs, redemptionId) => needs.addIds('notices', [redemptionId]),
    due: (needs, now, most) => needs.add('dueNotices', { now, most }),
  },
  sessions: {
    unfinished: (needs, ids) => needs.addIds('unfinishedSessions', ids),
    open: (needs, side, now, most, gone = []) =>
      needs.add('openSessions', { side, now, most, gone: JSON.stringify(gone) }),
  },
  reaping: {
    offers: (needs, after, most) => needs.add('offerPage', { after: after ?? null, most }),
    reservations: (needs, after, most) =>
      needs.add('reservationPage', { after: after ?? null, most }),
    tokens: (needs, after, most) => needs.add('tokenPage', { after: after ?? null, most }),
    endedAttempts: (needs, after, most) => needs.add('endedPage', { after: after ?? null, most }),
    leases: (needs, after, most) => needs.add('leasePage', { after: after ?? null, most }),
    orphanDocuments: (needs, after, most) =>
      needs.add('orphanPage', { after: after ?? null, most }),
    owedRemovals: (needs, after, most) => needs.add('removalPage', { after: after ?? null, most }),
  },
  time: { highest: (needs) => needs.add('highestTime', { one: 1 }) },
}

function about(needs: Needs, loads: readonly LoadName[], id: string): void {
  for (const load of loads) needs.addIds(load, [id])
}
