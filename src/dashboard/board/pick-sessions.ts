import type { Words } from '../text/words.ts'
import type { Board, BoardSession } from './board.ts'
import type { UiState } from './ui-state.ts'

type Selection = Pick<UiState, 'filter' | 'sort'>

/** Picks the sessions to show, in order: those under way as they are sorted, then those over, the newest first. */
export function pickSessions(
  board: Board,
  { filter, sort }: Selection,
  spoken: Words,
): BoardSession[] {
  const live = [...board.live.values()]
  // They are kept in the order they began.
  if (sort !== 'age') live.sort(ORDERS[sort](board))
  const all = [...live, ...board.finished]
  const words = filter.toLowerCase().split(' ').filter(Boolean)
  if (words.length === 0) return all
  return all.filter((session) => {
    const text = searchText(board, session, spoken)
    return words.every((word) => text.includes(word))
  })
}

/** Everything a session may be looked for by: names, ids, codes, and the words that stand for them on the screen. */
function searchText(board: Board, session: BoardSession, spoken: Words): string {
  const { id, side, state, reason, step, peerId, peerName, tokenId, tallyId, detail } = session
  const label = tokenId === undefined ? undefined : board.labels.get(tokenId)
  const words = [
    spoken.state(state),
    state.replaceAll('_', ' '),
    reason === undefined ? undefined : spoken.reason(reason),
    step === undefined ? undefined : spoken.state(step),
  ]
  const codes = [id, side, state, reason, step, peerId, peerName, tokenId, tallyId, detail, label]
  return [...codes, ...words]
    .filter((part) => part !== undefined)
    .join(' ')
    .toLowerCase()
}

type Order = (a: BoardSession, b: BoardSession) => number

const ORDERS = {
  'time left': () => (a, b) => (a.stepUntil ?? 0) - (b.stepUntil ?? 0),
  state: () => (a, b) => compare(a.state, b.state) || a.since - b.since,
  peer: () => (a, b) => compare(peerOf(a), peerOf(b)) || a.startedAt - b.startedAt,
  token:
    ({ labels }: Board) =>
    (a, b) =>
      compare(tokenName(labels, a), tokenName(labels, b)) || a.startedAt - b.startedAt,
} satisfies Record<Exclude<UiState['sort'], 'age'>, (board: Board) => Order>

function peerOf({ peerName, peerId }: BoardSession): string {
  return peerName ?? peerId
}

function tokenName(labels: Board['labels'], { tokenId = '' }: BoardSession): string {
  return labels.get(tokenId) ?? tokenId
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
