import { compact } from '../../protocol/base/compact.ts'
import type { Tables } from '../work/tables.ts'
import { by } from './order.ts'
import type { RemovalRow } from './row-types.ts'
import { pair, type Rows } from './rows.ts'

// Duties that are still owed, and what was heard of peers: databases to remove, hosts to tell, lost uses, declined offers.

export function memoryRemovals(rows: Rows): Tables['removals'] {
  return { ...owing(rows), ...claiming(rows) }
}

type Claiming = Pick<Tables['removals'], 'claim' | 'fail' | 'finish'>

function owing({ removals }: Rows): Omit<Tables['removals'], keyof Claiming> {
  return {
    // Owed again, e.g. by a hook that answered late: it is due at once, and how often it failed stays known.
    owe: (order, now, nextAt = now) => {
      const earlier = removals.get(order.tallyId)?.removal
      const { since = now, tries = 0, lastError, claim } = earlier ?? {}
      const removal = compact({ ...order, since, tries, nextAt, lastError, claim })
      removals.put({ removal, isOwedAgain: claim !== undefined })
      return claim
    },
    // Claimed ones come last, so that a process that stands still does not keep the others from their turn.
    due: (now, limit) =>
      removals
        .all()
        .map(({ removal }) => removal)
        .filter(({ nextAt }) => nextAt <= now)
        .toSorted(
          by(
            ({ claim }) => claim !== undefined,
            ({ nextAt }) => nextAt,
            ({ tallyId }) => tallyId,
          ),
        )
        .slice(0, limit),
    find: (tallyId) => removals.get(tallyId)?.removal,
    settle: (tallyId) => removals.delete(tallyId)?.removal,
  }
}

function claiming({ removals }: Rows): Claiming {
  const isOf =
    (owner: string) =>
    ({ removal }: RemovalRow) =>
      removal.claim?.owner === owner
  return {
    claim: (tallyId, claim) =>
      void removals.update(tallyId, ANY, ({ removal }) => ({
        removal: { ...removal, claim },
        isOwedAgain: false,
      })),
    finish: (tallyId, owner) => {
      const row = removals.update(tallyId, isOf(owner), unclaimed)
      const isDone = row !== undefined && !row.isOwedAgain
      if (isDone) removals.delete(tallyId)
      return isDone
    },
    fail: (tallyId, owner, lastError, nextAt) => {
      const failed = removals.update(tallyId, isOf(owner), (row) => {
        const { removal, isOwedAgain } = unclaimed(row)
        const tries = removal.tries + 1
        // A session that is about to build this database may have put the removal off meanwhile.
        const next = row.isOwedAgain ? Math.max(removal.nextAt, nextAt) : nextAt
        return { removal: { ...removal, tries, lastError, nextAt: next }, isOwedAgain }
      })
      return failed !== undefined
    },
  }
}

function unclaimed({ removal: { claim: _freed, ...removal } }: RemovalRow): RemovalRow {
  return { removal, isOwedAgain: false }
}

const ANY = () => true

export function memoryNotices({ notices }: Rows): Tables['notices'] {
  return {
    owe: (notice, since, nextAt) => void notices.add({ ...notice, since, tries: 0, nextAt }),
    find: (redemptionId) => notices.get(redemptionId),
    due: (now, limit) =>
      notices
        .all()
        .filter(({ nextAt }) => nextAt <= now)
        .toSorted(
          by(
            ({ nextAt }) => nextAt,
            ({ redemptionId }) => redemptionId,
          ),
        )
        .slice(0, limit),
    settle: (redemptionId) => void notices.delete(redemptionId),
    fail: (redemptionId, lastError, nextAt) =>
      void notices.update(redemptionId, ANY, ({ tries }) => ({
        tries: tries + 1,
        lastError,
        nextAt,
      })),
  }
}

export function memoryLostUses({ lostUses }: Rows): Tables['lostUses'] {
  return {
    note: (lost) => lostUses.add(lost),
    settle: (redemptionId) => void lostUses.delete(pair('inviter', redemptionId)),
  }
}

export function memoryDeclines({ declines }: Rows): Tables['declines'] {
  return {
    has: (tokenId, peerId) => declines.get(pair(tokenId, peerId)) !== undefined,
    insert: (tokenId, peerId, reason, at) => void declines.add({ tokenId, peerId, reason, at }),
  }
}
