import type { StoreLookups } from '../../session/ports/lookups.ts'
import type { OpenSession, SessionSummary } from '../../session/ports/session-summary.ts'
import { prospectOf } from './by-hand.ts'
import type { Tables } from './tables.ts'

/** Asks the tables in the engine's own way, and rejects with its failures. */
export type Ask = <Found>(question: () => Found) => Promise<Found>

/** Answers the questions of the session core from the tables. */
export function lookupsOn(tables: Tables, ask: Ask): StoreLookups {
  const { attempts, notices, reaping, removals, sessions, tallies, time } = tables
  return {
    ...ledgerOn(tables, ask),
    tallies: {
      find: (tallyId) => ask(() => tallies.find(tallyId)),
      ofRedemption: (redemptionId) => ask(() => tallies.ofRedemption(redemptionId)),
    },
    attempts: {
      latest: (linkHash) => ask(() => attempts.latest(linkHash)),
      kept: (linkHash) => ask(() => attempts.kept(linkHash)),
      isLinkBusy: (linkHash, now) => ask(() => attempts.isLeased(linkHash, now)),
      holders: () => ask(() => attempts.holders()),
    },
    removals: {
      claimOf: (tallyId) => ask(() => removals.find(tallyId)?.claim),
      due: (now, limit) =>
        ask(() =>
          removals.due(now, limit).filter(({ tallyId }) => !attempts.isBuilding(tallyId, now)),
        ),
    },
    notices: {
      find: (redemptionId) => ask(() => notices.find(redemptionId)),
      due: (now, limit) => ask(() => notices.due(now, limit)),
    },
    sessions: {
      unfinished: (ids) => ask(() => whole(sessions, sessions.unfinished(ids))),
      open: (...all) => ask(() => whole(sessions, sessions.open(...all))),
    },
    reaping: reapingOn(ask, reaping),
    time: { highest: () => ask(() => time.highest()) },
  }
}

function whole(
  sessions: Tables['sessions'],
  summaries: readonly SessionSummary[],
): readonly OpenSession[] {
  return summaries.map((summary) => ({ summary, entries: sessions.entries(summary.id) }))
}

function reapingOn(ask: Ask, reaping: Tables['reaping']): StoreLookups['reaping'] {
  return {
    offers: (...all) => ask(() => reaping.offers(...all)),
    reservations: (...all) => ask(() => reaping.reservations(...all)),
    tokens: (...all) => ask(() => reaping.tokens(...all)),
    endedAttempts: (...all) => ask(() => reaping.endedAttempts(...all)),
    leases: (...all) => ask(() => reaping.leases(...all)),
    orphanDocuments: (...all) => ask(() => reaping.orphanDocuments(...all)),
    owedRemovals: (...all) => ask(() => reaping.owedRemovals(...all)),
  }
}

type Ledger = Pick<StoreLookups, 'redemptions' | 'requests' | 'tokens'>

function ledgerOn(tables: Tables, ask: Ask): Ledger {
  const { declines, expiry, redemptions, requests, reservations, tokens } = tables
  return {
    redemptions: {
      prospect: (request) => ask(() => prospectOf(tables, request)),
      knows: (...all) => ask(() => redemptions.knows(...all)),
      holdsAny: (peerId) => ask(() => reservations.holdsAny(peerId)),
      response: (redemptionId) => ask(() => redemptions.storedResponse(redemptionId)),
      receipt: (redemptionId) => ask(() => redemptions.storedReceipt(redemptionId)),
      standing: (redemptionId) => ask(() => redemptions.standing(redemptionId)),
      lapsed: (now, limit) => ask(() => redemptions.lapsed(now, limit)),
    },
    requests: {
      countWaiting: () => ask(() => requests.countWaiting()),
      waitingOf: (peerIds) => ask(() => requests.waitingOf(peerIds)),
      over: (now, limit) => ask(() => requests.over(now, limit)),
    },
    tokens: {
      grantOf: (tokenId) => ask(() => tokens.grantOf(tokenId)),
      hasDeclined: (tokenId, peerId) => ask(() => declines.has(tokenId, peerId)),
      hasExpired: (now) => ask(() => expiry.isDue(now)),
    },
  }
}
