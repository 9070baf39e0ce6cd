import type { FeedSession } from '../../service/feed/event-feed-event.ts'
import type { BoardSession, Passage } from './board.ts'

/** Sessions that are over and still shown. */
const MAX_FINISHED = 200
/** No session goes through more states; what does is another version's. */
const MAX_PASSAGES = 32
/** Sessions under way that are kept: far more than a listener allows. */
const MAX_LIVE = 10_000

/** The sessions of a board while events are folded into it. */
export interface Sessions {
  readonly live: Map<string, BoardSession>
  finished: BoardSession[]
}

/** Whether a session in this state is over. */
export function isOver(state: string): boolean {
  return state === 'COMPLETED' || state === 'FAILED' || state === 'TIMEOUT'
}

/** Whether a session only looked at the offer, as nearly every invitee does before it comes again in earnest. */
export function isLook({ state, tallyId }: FeedSession): boolean {
  return state === 'COMPLETED' && tallyId === undefined
}

/** Whether a session ended with a request that waits for the inviter's word: it has not failed. */
export function isAsking({ state, reason }: FeedSession): boolean {
  return state === 'FAILED' && reason === 'pending'
}

/** Takes in what was told of a session. @returns true if that is its end */
export function withSession(sessions: Sessions, event: FeedSession): boolean {
  const { live } = sessions
  const known = live.get(event.id)
  const session = { ...event, passages: passages(known, event) }
  if (!isOver(event.state)) {
    if (known !== undefined || live.size < MAX_LIVE) live.set(event.id, session)
    return false
  }
  live.delete(event.id)
  // Counted, and not shown beside what came of it.
  if (isLook(event)) return true
  // A late acknowledgment tells of a session that was over before.
  const others = sessions.finished.filter(({ id }) => id !== event.id)
  const isNew = others.length === sessions.finished.length
  sessions.finished = [session, ...others].slice(0, MAX_FINISHED)
  return isNew
}

function passages(known: BoardSession | undefined, event: FeedSession): readonly Passage[] {
  const { from, ms, since, startedAt, state } = event
  const before = known?.passages ?? (from === undefined ? [] : [{ state: from, at: startedAt }])
  const last = before.at(-1)
  if (last?.state === state) return before
  const left =
    last === undefined ? [] : [...before.slice(0, -1), { ...last, ms: ms ?? since - last.at }]
  return [...left, { state, at: since }].slice(-MAX_PASSAGES)
}
