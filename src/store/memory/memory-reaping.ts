import { compact } from '../../protocol/base/compact.ts'
import type { Reapable, ReapCursor, ReapPage } from '../../session/ports/reap.ts'
import type { Tables } from '../work/tables.ts'
import { isLeaseOn } from './memory-attempts.ts'
import { isAnswer, reservationOf } from './memory-redemptions.ts'
import { by } from './order.ts'
import type { AttemptRow, DocumentRow, TokenRow } from './row-types.ts'
import { isOffered, pair, type Rows } from './rows.ts'

type Reaping = Tables['reaping']

/** The lists that reapers go through, and the deletions they make. */
export function memoryReaping(rows: Rows): Reaping {
  return {
    ...inviterLists(rows),
    ...lists(rows),
    ...documentLists(rows),
    ...withdrawals(rows),
    ...deletions(rows),
  }
}

type InviterLists = Pick<Reaping, 'offers' | 'reservations' | 'tokens'>

function inviterLists(rows: Rows): InviterLists {
  const { documents, redemptions, tokens } = rows
  // One chunk alone is the document as it was made.
  const isChanged = (tallyId: string) => (documents.get(tallyId)?.chunks.length ?? 0) > 1
  return {
    offers: (...at) =>
      page(
        redemptions.all().filter(isOffered),
        ({ seq }) => seq,
        ({ id, peerId, tokenId, sessionId, tallyId, changedAt: since }) =>
          compact({
            ...{ id, side: 'listener' as const, state: 'offered' },
            ...{ peerId, tokenId, sessionId, tallyId, since },
            neededBecause: isChanged(tallyId) ? 'its document was changed' : undefined,
          }),
        ...at,
      ),
    reservations: (...at) =>
      page(
        redemptions.all().flatMap((row) => {
          const { reservedUntil: since } = row
          return since === undefined ? [] : [{ row, since }]
        }),
        ({ row }) => row.seq,
        ({ row, since }) => {
          const { id, peerId, tokenId, sessionId, state, tallyId } = row
          const about = { id, state, peerId, tokenId, sessionId, tallyId, since }
          return { side: 'listener', ...about, reservation: reservationOf(row) }
        },
        ...at,
      ),
    tokens: (...at) =>
      page(
        tokens.all().filter(({ forgottenAt }) => forgottenAt === undefined),
        ({ id }) => id,
        ({ id, expiresAt: since }) =>
          compact({
            ...{ id, side: 'listener' as const, state: 'expired', tokenId: id, since },
            neededBecause: whyNeeded(rows, id),
          }),
        ...at,
      ),
  }
}

type Lists = Pick<Reaping, 'endedAttempts' | 'leases' | 'owedRemovals'>

function lists({ attempts, removals }: Rows): Lists {
  return {
    endedAttempts: (...at) =>
      page(
        attempts.all().filter(isOver),
        ({ seq }) => seq,
        (row) => toReapable(row, row.attempt.createdAt),
        ...at,
      ),
    leases: (...at) =>
      page(
        attempts.all().flatMap((row) => {
          const { lease } = row.attempt
          return lease === undefined ? [] : [{ row, lease }]
        }),
        ({ row }) => row.seq,
        ({ row, lease: { owner, until } }) => ({ ...toReapable(row, until), owner, until }),
        ...at,
      ),
    owedRemovals: (...at) =>
      page(
        removals.all(),
        ({ removal }) => removal.tallyId,
        ({ removal: { tallyId, peerId, sessionId, since, tries } }) =>
          compact({
            ...{ id: tallyId, side: 'listener' as const, state: 'owed' },
            ...{ peerId, sessionId, tallyId, since },
            neededBecause: tries === 0 ? 'it was not tried yet' : undefined,
          }),
        ...at,
      ),
  }
}

type DocumentLists = Pick<Reaping, 'orphanDocuments' | 'removeDocument'>

function documentLists(rows: Rows): DocumentLists {
  const { documents, tallies } = rows
  const isOrphan = ({ tallyId }: DocumentRow) => tallies.get(tallyId) === undefined
  return {
    orphanDocuments: (after, limit, now) =>
      page(
        documents.all().filter(isOrphan),
        ({ tallyId }) => tallyId,
        ({ tallyId }) =>
          compact({
            ...{ id: tallyId, side: 'listener' as const, state: 'orphaned', tallyId, since: 0 },
            neededBecause: useOfDocument(rows, tallyId, now),
          }),
        after,
        limit,
      ),
    removeDocument: (tallyId) => {
      const row = documents.get(tallyId)
      const isDone = row !== undefined && isOrphan(row)
      if (isDone) documents.delete(tallyId)
      return isDone
    },
  }
}

/** A document that is being built has no tally yet; one whose removal is owed is removed that way. */
function useOfDocument(rows: Rows, tallyId: string, now: number): string | undefined {
  const { attemptsOfTally, removals, reservedOfTally } = rows
  const isBuilt =
    reservedOfTally.count(tallyId) > 0 ||
    attemptsOfTally
      .rows(tallyId)
      .some(({ attempt }) => attempt.status === 'running' && isLeaseOn(attempt, now))
  if (isBuilt) return 'its tally is being built'
  return removals.get(tallyId) && 'its removal is owed already'
}

function isOver({ attempt: { lease, status } }: AttemptRow): boolean {
  return status === 'ended' && lease === undefined
}

function toReapable({ attempt }: AttemptRow, since: number): Reapable {
  const { attemptId: id, status: state, inviter: peerId, tokenId, tallyId } = attempt
  return compact({ id, side: 'dialer', state, peerId, tokenId, tallyId, since })
}

function page<Row, Thing extends Reapable>(
  rows: readonly Row[],
  placeOf: (row: Row) => ReapCursor,
  toThing: (row: Row) => Thing,
  after: ReapCursor | undefined,
  limit: number,
): ReapPage<Thing> {
  const found = rows
    .filter((row) => after === undefined || placeOf(row) > after)
    .toSorted(by(placeOf))
    .slice(0, limit)
  const last = found.at(-1)
  const next = last === undefined || found.length < limit ? undefined : placeOf(last)
  return { things: found.map(toThing), next }
}

type Withdrawals = Pick<Reaping, 'isWithdrawn' | 'noteWithdrawn' | 'withdrawOffer'>

function withdrawals({ answers, attempts, documents, redemptions, tallies }: Rows): Withdrawals {
  return {
    withdrawOffer: (redemptionId, lastGivenBefore, withdrawnAt) => {
      const row = redemptions.update(
        redemptionId,
        (each) => isOffered(each) && each.changedAt < lastGivenBefore,
        () => ({ withdrawnAt }),
      )
      if (row === undefined) return false
      answers.delete(redemptionId)
      documents.delete(row.tallyId)
      if (tallies.get(row.tallyId)?.tally.redemptionId === redemptionId) tallies.delete(row.tallyId)
      return true
    },
    isWithdrawn: (redemptionId, ...answer) => {
      const row = redemptions.get(redemptionId)
      return row?.withdrawnAt !== undefined && isAnswer(row, ...answer)
    },
    noteWithdrawn: (attemptId, partner, now) => {
      const { status, tallyId } = attempts.get(attemptId)?.attempt ?? {}
      if (status !== 'confirmed' || tallyId === undefined) return undefined
      const row = tallies.update(
        tallyId,
        ({ tally, withdrawnAt }) =>
          tally.partner.peerId === partner &&
          tally.role === 'foil' &&
          tally.status === 'confirmed' &&
          withdrawnAt === undefined,
        () => ({ withdrawnAt: now }),
      )
      return row?.tally.tallyId
    },
  }
}

type Deletions = Omit<Reaping, keyof (InviterLists & Lists & DocumentLists & Withdrawals)>

function deletions(rows: Rows): Deletions {
  const { attempts, declines, declinesOfToken, removals, tokens } = rows
  return {
    forgetToken: (tokenId, now) => {
      const row = tokens.update(
        tokenId,
        ({ forgottenAt }) => forgottenAt === undefined && whyNeeded(rows, tokenId) === undefined,
        () => ({ ...FORGOTTEN, forgottenAt: now }),
      )
      if (row === undefined) return false
      for (const { peerId } of declinesOfToken.rows(tokenId)) declines.delete(pair(tokenId, peerId))
      for (const row of rows.denialsOfToken.rows(tokenId)) rows.denials.remove(row)
      return true
    },
    removeAttempt: (attemptId) => {
      const row = attempts.get(attemptId)
      const isDone = row !== undefined && isOver(row)
      if (isDone) attempts.delete(attemptId)
      return isDone
    },
    hastenRemoval: (tallyId, nextAt) => {
      const row = removals.update(
        tallyId,
        ({ removal }) => removal.tries > 0,
        ({ removal }) => ({ removal: { ...removal, nextAt } }),
      )
      return row !== undefined
    },
  }
}

const FORGOTTEN: Partial<TokenRow> = {
  ...{ secretHash: undefined, required: [], optional: [], terms: null },
  ...{ revision: 0, pastTerms: {} },
}

/** Says why a token has to stay, if so: a use was ever reserved, be it taken or free again; or somebody waits for one. */
function whyNeeded(
  { freeOfToken, requestsOfToken, takenOfToken }: Rows,
  tokenId: string,
): string | undefined {
  if (takenOfToken.count(tokenId) + freeOfToken.count(tokenId) > 0)
    return 'a use of it was reserved'
  return requestsOfToken.count(tokenId) > 0 ? 'a request waits there' : undefined
}
