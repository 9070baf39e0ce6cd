import type { FeedEvent, FeedReady, FeedSession } from '../../service/feed/event-feed-event.ts'
import { type Board, EMPTY_BOARD } from './board.ts'
import { boardRecord } from './board-record.ts'
import { beat } from './pulse.ts'
import { isAsking, isLook, type Sessions, withSession } from './sessions.ts'

/** Records of the trail that are kept. */
const MAX_RECORDS = 100
/** Kinds of refusal told apart; there are about ten, but the other side may be of another version. */
const MAX_REFUSALS = 32

/**
 * Makes the board after these events. Pure: the board that is given stays as it was. Copies what changes once
 * for all of them, so a frame costs the same for one event and for hundreds.
 */
export function foldEvents(board: Board, events: readonly FeedEvent[]): Board {
  if (events.length === 0) return board
  const sessions: Sessions = { live: new Map(board.live), finished: [...board.finished] }
  let next: Board = board
  for (const event of events) next = foldEvent(next, event, sessions)
  const at = events.at(-1)?.at ?? board.at
  return { ...next, at, live: sessions.live, finished: sessions.finished }
}

function foldEvent(board: Board, event: FeedEvent, sessions: Sessions): Board {
  switch (event.type) {
    case 'session':
      return withSession(sessions, event) ? ended(board, event) : board
    case 'audit':
      return withRecord(board, event)
    case 'health':
      return withHealth(board, event)
    case 'ready':
      sessions.live.clear()
      return begun(board, event)
    case 'refused':
      return refused(board, event.code)
    case 'relay':
      return withRelay(board, event)
    case 'sync':
    case 'words':
    case 'request':
      return board
    case 'router':
      return withRouter(board, event)
    case 'problem':
      return { ...board, problem: { at: event.at, text: event.detail } }
    case 'tokens':
      return withTokens(board, event)
    case 'draining':
      return {
        ...board,
        ending: { kind: 'draining', active: event.active, until: event.at + event.ms },
      }
    case 'stopped':
      return {
        ...board,
        ending: {
          kind: 'stopped',
          reason: event.reason,
          cut: event.cut,
          parked: event.parked ?? 0,
        },
      }
    case 'missed':
      return { ...board, missed: board.missed + event.count, missedAt: event.at }
    default:
      // A listener of a newer version may tell more.
      return board
  }
}

/** A relay that is lost is a problem, and that it is back is told in the same place. */
function withRelay(board: Board, event: Extract<FeedEvent, { type: 'relay' }>): Board {
  const { at, address, state, isBack = false, problem = 'no connection' } = event
  if (state === 'lost') {
    return { ...board, problem: { at, text: `relay lost: ${address}: ${problem}` } }
  }
  if (!isBack) return board
  return { ...board, problem: { at, text: `relay back: ${address}`, isOver: true } }
}

/** A router that passes nothing on is a problem, and that it does after all is told in the same place. */
function withRouter(board: Board, event: Extract<FeedEvent, { type: 'router' }>): Board {
  const { at, state, addresses, problem = 'no answer' } = event
  if (state === 'failed') return { ...board, problem: { at, text: `router: ${problem}` } }
  if (board.problem?.text.startsWith('router: ') !== true) return board
  const text = `router: passes on ${addresses.join(', ')}`
  return { ...board, problem: { at, text, isOver: true } }
}

function begun(board: Board, { type: _type, totals, ...listener }: FeedReady): Board {
  const isSame = board.listener?.pid === listener.pid
  return {
    ...board,
    listener,
    totals,
    ending: undefined,
    ...(isSame ? {} : { refusals: EMPTY_BOARD.refusals, reached: undefined, problem: undefined }),
  }
}

function withHealth(board: Board, event: Extract<FeedEvent, { type: 'health' }>): Board {
  const { rssBytes, lagMs, proof, syncs, waiting, reapPausedUntil } = event
  const { totals, addresses, maxSessions } = event
  const { listener } = board
  return {
    ...board,
    totals,
    health: {
      rssBytes,
      lagMs,
      ...(proof === undefined ? {} : { proof }),
      ...(syncs === undefined ? {} : { syncs }),
      ...(reapPausedUntil === undefined ? {} : { reapPausedUntil }),
      ...(waiting === undefined ? {} : { waiting }),
    },
    reached: event.reached ?? board.reached,
    listener: listener === undefined ? undefined : { ...listener, addresses, maxSessions },
  }
}

function ended(board: Board, event: Extract<FeedEvent, { type: 'session' }>): Board {
  const { totals } = board
  const name = endName(event)
  const counted = { ...totals, [name]: totals[name] + 1 }
  // A rate of looks would be twice what is done.
  if (name === 'looked') return { ...board, totals: counted }
  return { ...board, totals: counted, pulse: beat(board.pulse, event.at, 1) }
}

function endName(event: FeedSession): Exclude<keyof Board['totals'], 'refused'> {
  if (isLook(event)) return 'looked'
  if (event.state === 'COMPLETED') return 'completed'
  if (event.state === 'TIMEOUT') return 'timedOut'
  return isAsking(event) ? 'asked' : 'failed'
}

function refused(board: Board, code: string): Board {
  const { totals } = board
  const refusals = new Map(board.refusals)
  if (refusals.has(code) || refusals.size < MAX_REFUSALS) {
    refusals.set(code, (refusals.get(code) ?? 0) + 1)
  }
  return { ...board, refusals, totals: { ...totals, refused: totals.refused + 1 } }
}

/** Adds a record. It may be told twice: by the tail that a new reader gets, and again after a gap. */
function withRecord(board: Board, { record }: Extract<FeedEvent, { type: 'audit' }>): Board {
  const last = board.records.at(-1)
  if (last !== undefined && record.seq <= last.seq) return board
  return { ...board, records: [...board.records, boardRecord(record)].slice(-MAX_RECORDS) }
}

function withTokens(board: Board, { tokens, more }: Extract<FeedEvent, { type: 'tokens' }>): Board {
  const named = tokens.flatMap(({ id, label }) =>
    label === undefined ? [] : ([[id, label]] as const),
  )
  return { ...board, tokens, moreTokens: more, labels: new Map(named) }
}
