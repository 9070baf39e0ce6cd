import { compact } from '../../protocol/base/compact.ts'
import type { Attempt } from '../../session/ports/attempt.ts'
import type { Tables } from '../work/tables.ts'
import { by, lastBy } from './order.ts'
import type { AttemptRow } from './row-types.ts'
import type { Rows } from './rows.ts'

type Attempts = Tables['attempts']

const NEWEST = by<AttemptRow>(
  ({ attempt }) => attempt.createdAt,
  ({ seq }) => seq,
)

/** The invitee's attempts to redeem links. */
export function memoryAttempts(rows: Rows): Attempts {
  return { ...leases(rows), ...findings(rows), ...changes(rows) }
}

function changes({ attempts, attemptSeq, attemptsOnLink }: Rows): Pick<Attempts, 'begin' | 'set'> {
  return {
    begin: ({ lease: _none, ...begun }, lease) => {
      const { attemptId, linkHash } = begun
      const earlier = attempts.get(attemptId)
      if (earlier === undefined) {
        const seq = attemptSeq.next()
        attempts.put({ seq, attempt: compact({ ...begun, lease, sessions: 1 }) })
      } else {
        const { attempt } = earlier
        const consented = begun.consented ?? attempt.consented
        const sessions = attempt.sessions + 1
        attempts.put({ ...earlier, attempt: compact({ ...attempt, lease, consented, sessions }) })
      }
      for (const row of attemptsOnLink.rows(linkHash)) {
        if (row.attempt.attemptId !== attemptId) attempts.put(withoutLease(row))
      }
    },
    // A confirmed attempt stays confirmed.
    set: (attemptId, status, tallyId) =>
      void attempts.update(
        attemptId,
        ({ attempt }) => attempt.status !== 'confirmed',
        ({ attempt }) => ({
          attempt: { ...attempt, status, ...compact({ tallyId }) },
        }),
      ),
  }
}

type Leases = Pick<Attempts, 'free' | 'freeAll' | 'holders' | 'holds' | 'isLeased' | 'noteBuilding'>

function leases({ attempts, attemptsOnLink }: Rows): Leases {
  const isOf = (owner: string) => (row: AttemptRow) => row.attempt.lease?.owner === owner
  return {
    holds: (attemptId, owner) => {
      const row = attempts.get(attemptId)
      return row !== undefined && isOf(owner)(row)
    },
    free: (attemptId, owner) => attempts.update(attemptId, isOf(owner), withoutLease) !== undefined,
    freeAll: (holder) => {
      for (const row of attempts.all()) {
        if (row.attempt.lease !== undefined && holderOf(row.attempt.lease.owner) === holder) {
          attempts.put(withoutLease(row))
        }
      }
    },
    holders: () => {
      const names = attempts.all().map(({ attempt }) => holderOf(attempt.lease?.owner ?? ''))
      return [...new Set(names)].filter((name) => name !== '')
    },
    isLeased: (linkHash, now) =>
      attemptsOnLink.rows(linkHash).some(({ attempt }) => isLeaseOn(attempt, now)),
    noteBuilding: (attemptId, owner, tallyId) => {
      const noted = attempts.update(attemptId, isOf(owner), ({ attempt }) => ({
        attempt: attempt.status === 'running' ? { ...attempt, tallyId } : attempt,
      }))
      return noted !== undefined
    },
  }
}

type Findings = Pick<Attempts, 'isBuilding' | 'kept' | 'latest' | 'latestId'>

function findings({ attemptsOfTally, attemptsOnLink, tallies }: Rows): Findings {
  const latest = (linkHash: string) => lastBy(attemptsOnLink.rows(linkHash), NEWEST)?.attempt
  const isWithdrawn = ({ attempt: { tallyId } }: AttemptRow) =>
    tallyId !== undefined && tallies.get(tallyId)?.withdrawnAt !== undefined
  return {
    latest,
    latestId: (linkHash) => latest(linkHash)?.attemptId,
    // First of those whose tally was not withdrawn.
    kept: (linkHash) => {
      const kept = attemptsOnLink.rows(linkHash).filter(isKept)
      const standing = kept.filter((row) => !isWithdrawn(row))
      return (lastBy(standing, NEWEST) ?? lastBy(kept, NEWEST))?.attempt
    },
    isBuilding: (tallyId, now) =>
      attemptsOfTally
        .rows(tallyId)
        .some(({ attempt }) => attempt.status === 'running' && isLeaseOn(attempt, now)),
  }
}

function isKept({ attempt: { status } }: AttemptRow): boolean {
  return status === 'held' || status === 'confirmed'
}

export function isLeaseOn({ lease }: Attempt, now: number): boolean {
  return lease !== undefined && lease.until > now
}

function withoutLease({ seq, attempt: { lease: _freed, ...attempt } }: AttemptRow): AttemptRow {
  return { seq, attempt }
}

/** Returns the process in an owner's name. */
export function holderOf(owner: string): string {
  return owner.split('/', 1)[0] ?? ''
}
