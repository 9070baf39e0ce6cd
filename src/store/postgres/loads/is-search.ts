import type { LoadName } from './load-name.ts'

/** Loads that look for rows: which these are is not known before, and what is written beside them may change it. */
const SEARCHES: ReadonlySet<LoadName> = new Set([
  ...(['expiredTokens', 'tokenPage', 'requestsOver', 'lapsed', 'offerPage'] as const),
  ...(['reservationPage', 'orphanPage', 'heldAttempts', 'endedPage', 'leasePage'] as const),
  ...([
    'pruneBound',
    'openSessions',
    'unfinishedSessions',
    'dueRemovals',
    'removalPage',
    'dueNotices',
  ] as const),
])

export function isSearch(load: LoadName): boolean {
  return SEARCHES.has(load)
}
