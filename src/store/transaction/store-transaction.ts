import type { AuditDraft } from '../../audit/record/record.ts'
import { compact } from '../../protocol/base/compact.ts'
import type { StoreTransaction } from '../../session/ports/store.ts'
import type { Repositories } from './repositories.ts'
import { reserveUse } from './reserve-use.ts'

type Methods = Partial<StoreTransaction>

/**
 * Returns a factory of transactions as the session core sees them, one object for each piece of work. They write into
 * whichever database transaction is open.
 */
export function transactionsOn(repositories: Repositories): () => StoreTransaction {
  const shared = {
    ...sessionMethods(repositories),
    ...redemptionMethods(repositories),
    ...commitMethods(repositories),
    ...attemptMethods(repositories),
    ...tallyMethods(repositories),
    ...removalMethods(repositories),
  }
  return () => {
    const appended: AuditDraft[] = []
    const appendAudit = (draft: AuditDraft): void => {
      repositories.audit.append(draft)
      appended.push(draft)
    }
    return { ...shared, appendAudit, appended: () => appended }
  }
}

function sessionMethods({ sessions, pruner, time, notices, expiry, reaping }: Repositories) {
  return {
    saveSession: (summary) => sessions.save(summary),
    updateSession: (summary) => sessions.update(summary),
    appendJournal: (sessionId, entries) => sessions.append(sessionId, entries),
    appendLate: (sessionId, entries) => sessions.appendLate(sessionId, entries),
    openSessions: (side, now, limit) =>
      sessions
        .open(side, now, limit)
        .map((summary) => ({ summary, entries: sessions.entries(summary.id) })),
    pruneHistory: (keep) => pruner.prune(keep),
    highestTime: () => time.highest(),
    rememberTime: (at) => time.remember(at),
    notices,
    expiry,
    reaping,
  } satisfies Methods
}

function redemptionMethods(repositories: Repositories) {
  const { declines, lostUses, prospects, redemptions, reservations, tallies, tokens } = repositories
  return {
    reserve: (request) => reserveUse(repositories, request),
    resume: (request) => reservations.resume(request),
    prospect: (request) => prospects.of(request),
    holdsReservation: (peerId) => reservations.holdsAny(peerId),
    knowsUse: (redemptionId, tokenId, peerId) => redemptions.knows(redemptionId, tokenId, peerId),
    stopToken: ({ tokenId: id, usesAllowed: uses, ...grant }, now) => {
      // A foreign hook's token, which has no row here before its first use.
      tokens.mirror({ id, uses, issuedAt: now, ...grant })
      return tokens.revoke(id, now)
    },
    noteLoss: (lost) => lostUses.note(lost),
    settleLoss: (redemptionId) => lostUses.settle(redemptionId),
    grantOf: (tokenId) => tokens.grantOf(tokenId),
    approve: (claim) => redemptions.approve(claim),
    intendProvision: (claim, now) => redemptions.intend(claim, now),
    delegate: (claim, response, until) => redemptions.delegate(claim, response, until),
    committedUses: (tokenId) => redemptions.committedUses(tokenId),
    lapsed: (now, limit) => redemptions.lapsed(now, limit),
    decline: (tokenId, peerId, reason, now) => declines.insert(tokenId, peerId, reason, now),
    hasDeclined: (tokenId, peerId) => declines.has(tokenId, peerId),
    storedResponse: (redemptionId) => redemptions.storedResponse(redemptionId),
    storedReceipt: (redemptionId) => redemptions.storedReceipt(redemptionId),
    committedTally: (redemptionId) => tallies.ofRedemption(redemptionId),
  } satisfies Methods
}

function commitMethods({ redemptions, removals, tallies }: Repositories) {
  return {
    commit: (claim, tally, bytes, now) => {
      // Another redemption's tally is not overwritten, whatever id a database hook came up with.
      if (!tallies.insert(tally)) return false
      const { tallyId } = tally
      const delivery = tally.status === 'confirmed' ? 'confirmed' : 'offered'
      if (redemptions.commit(claim, { ...bytes, tallyId, delivery }, now)) return true
      tallies.remove(tallyId)
      return false
    },
    confirm: (redemptionId, peerId, responseHash, now, signature) => {
      const found = redemptions.confirm(redemptionId, peerId, responseHash, now)
      if (found === undefined) return undefined
      return { ...found, isNews: tallies.confirm(found.tallyId, compact({ invitee: signature })) }
    },
    release: (claim, reason, now) => {
      const builder = redemptions.builderOf(claim)
      if (!redemptions.release(claim, reason, now)) return false
      // An earlier session that held the use may have left a database.
      const { redemptionId, fence, tallyId } = claim
      if (builder !== undefined)
        removals.owe({ ...builder, redemptionId, fence, tallyId, reason }, now)
      return true
    },
  } satisfies Methods
}

function attemptMethods({ attempts }: Repositories) {
  return {
    findAttempt: (linkHash) => attempts.latest(linkHash),
    keptAttempt: (linkHash) => attempts.kept(linkHash),
    isLinkBusy: (linkHash, now) => attempts.isLeased(linkHash, now),
    beginAttempt: (attempt, { lease, after, now }) => {
      if (attempts.latestId(attempt.linkHash) !== after) return false
      if (attempts.isLeased(attempt.linkHash, now)) return false
      attempts.begin(attempt, lease)
      return true
    },
    holdsAttempt: (attemptId, owner) => attempts.holds(attemptId, owner),
    freeAttempt: (attemptId, owner) => attempts.free(attemptId, owner),
    leaseHolders: () => attempts.holders(),
    freeLeases: (holder) => attempts.freeAll(holder),
    noteBuilding: (attemptId, owner, tallyId) => attempts.noteBuilding(attemptId, owner, tallyId),
    setAttempt: (attemptId, status, tallyId) => attempts.set(attemptId, status, tallyId),
  } satisfies Methods
}

function tallyMethods({ redemptions, tallies }: Repositories) {
  return {
    keepTally: (tally) => {
      const known = tallies.find(tally.tallyId)
      // A tally that is only held may have been approved again since, with another draft.
      if (known?.status === 'held' && known.built.draft.sha256 !== tally.built.draft.sha256) {
        tallies.remove(tally.tallyId)
      }
      if (tallies.insert(tally)) return
      if (tally.status === 'confirmed') tallies.confirm(tally.tallyId)
      // The inviter may have answered again since, with the same draft.
      if (tally.receipt !== undefined) tallies.setReceipt(tally.tallyId, tally.receipt)
    },
    confirmTally: (tallyId, signature) =>
      void tallies.confirm(tallyId, compact({ inviter: signature })),
    discardTally: (tallyId) => tallies.remove(tallyId),
    findTally: (tallyId) => tallies.find(tallyId),
    isTallyWanted: (tallyId) =>
      tallies.find(tallyId) !== undefined || redemptions.isBuilding(tallyId),
  } satisfies Methods
}

function removalMethods({ attempts, removals }: Repositories) {
  return {
    oweRemoval: (order, now, dueAt) => removals.owe(order, now, dueAt),
    dueRemovals: (now, limit) =>
      removals.due(now, limit).filter(({ tallyId }) => !attempts.isBuilding(tallyId, now)),
    findRemoval: (tallyId) => removals.find(tallyId),
    claimRemoval: (tallyId, claim) => removals.claim(tallyId, claim),
    settleRemoval: (tallyId) => removals.settle(tallyId),
    finishRemoval: (tallyId, owner) => removals.finish(tallyId, owner),
    failRemoval: (tallyId, owner, error, nextAt) => removals.fail(tallyId, owner, error, nextAt),
  } satisfies Methods
}
