import type { Board, BoardSession } from './board.ts'
import type { UiState } from './ui-state.ts'

type Selection = Pick<UiState, 'filter' | 'sort'>

/** Picks the sessions to show, in order: those under way as they are sorted, then those over, the newest first. */
export function pickSessions(board: Board, { filter, sort }: Selection): BoardSession[] {
  const live = [...board.live.values()]
  // They are kept in the order they began.
  if (sort !== 'age') live.sort(ORDERS[sort](board))
  const all = [...live, ...board.finished]
  const words = filter.toLowerCase().split(' ').filter(Boolean)
  if (words.length === 0) return all
  return all.filter((session) => {
    const text = searchText(board, session)
    return words.every((word) => text.includes(word))
  })
}

function searchText(board: Board, session: BoardSession): string {
  const { id, side, state, reason, step, peerId, tokenId, tallyId, detail } = session
  const label = tokenId === undefined ? undefined : board.labels.get(tokenId)
  const spoken = state.replaceAll('_', ' ')
  return [id, side, state, spoken, reason, step, peerId, tokenId, tallyId, detail, label]
    .filter((part) => part !== undefined)
    .join(' ')
    .toLowerCase()
}

type Order = (a: BoardSession, b: BoardSession) => number

const ORDERS = {
  'time left': () => (a, b) => (a.stepUntil ?? 0) - (b.stepUntil ?? 0),
  state: () => (a, b) => compare(a.state, b.state) || a.since - b.since,
  peer: () => (a, b) => compare(a.peerId, b.peerId) || a.startedAt - b.startedAt,
  token:
    ({ labels }: Board) =>
    (a, b) =>
      compare(tokenName(labels, a), tokenName(labels, b)) || a.startedAt - b.startedAt,
} satisfies Record<Exclude<UiState['sort'], 'age'>, (board: Board) => Order>

function tokenName(labels: Board['labels'], { tokenId = '' }: BoardSession): string {
  return labels.get(tokenId) ?? tokenId
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
