import type { Board, BoardSession } from '../board/board.ts'
import { isAsking, isOver } from '../board/sessions.ts'
import { textWidth } from '../text/fit.ts'
import type { Glyphs } from '../text/glyphs.ts'
import {
  beginningOf,
  endOf,
  inColumns,
  type Line,
  type Span,
  span,
  type Tone,
} from '../text/span.ts'
import { shortTime, timeLeft } from '../text/time-words.ts'
import { bar } from './bar.ts'
import type { Screen } from './screen.ts'
import type { SessionColumn } from './session-columns.ts'

/** A session that is over fades after so long, ms. */
const FADES_AFTER_MS = 5_000
/** Columns of the shortest id beside a name: as many of its letters as the commands show, and a sign for the rest. */
const MIN_ID = 9
/** Less than this share of its time left, and a bar warns. */
const LITTLE = 0.25

/** Draws one session on one line, exactly as wide as its columns. */
export function sessionRow(
  session: BoardSession,
  columns: readonly SessionColumn[],
  isChosen: boolean,
  board: Board,
  screen: Screen,
): Line {
  const tone = rowTone(session, isChosen, screen.now)
  const spans = columns.map((column, at): Span => {
    const text = cell(column, session, isChosen, board, screen)
    const kept = inColumns(text, column.width, screen.glyphs.ellipsis, column.align)
    const gap = at < columns.length - 1 && column.name !== 'mark' ? ' ' : ''
    return span(kept + gap, cellTone(column, session, tone, screen.now))
  })
  return spans
}

function cell(
  { name, width }: SessionColumn,
  session: BoardSession,
  isChosen: boolean,
  board: Board,
  screen: Screen,
): string {
  const { glyphs, now } = screen
  switch (name) {
    case 'mark':
      return isChosen ? glyphs.chosen : ' '
    case 'id':
      // Whole letters only: so many of them are enough for every command that takes an id.
      return beginningOf(session.id, width)
    case 'side':
      return session.side === 'listener' ? 'in' : 'out'
    case 'peer':
      return peerCell(session, width, glyphs.ellipsis)
    case 'token':
      return tokenText(session, board)
    case 'state':
      return stateWithin(session, width, screen)
    case 'age':
      return ageText(session, now)
    case 'step':
      return barText(session.stepUntil, session.since, width, glyphs, now)
    case 'session':
      return barText(session.until, session.startedAt, width, glyphs, now)
    case 'tally':
      return session.tallyId ?? ''
    case 'address':
      return session.remoteAddress ?? ''
    default:
      return name satisfies never
  }
}

/** The time it has gone on, or took. */
export function ageText({ endedAt, durationMs, startedAt }: BoardSession, now: number): string {
  const ms = endedAt === undefined ? now - startedAt : (durationMs ?? endedAt - startedAt)
  return endedAt !== undefined && ms < 1_000 ? `${Math.round(ms)}ms` : shortTime(ms)
}

function tokenText({ tokenId }: BoardSession, { labels }: Board): string {
  return tokenId === undefined ? '' : (labels.get(tokenId) ?? tokenId)
}

/** A name comes first, and as much of the id as there is room for; the end of an id differs, its beginning does not. */
function peerCell({ peerId, peerName }: BoardSession, width: number, ellipsis: string): string {
  const room = peerName === undefined ? width : width - textWidth(peerName) - 1
  if (peerName !== undefined && room < MIN_ID) return peerName
  const most = peerName === undefined ? room : Math.min(room, MIN_ID)
  const id = most < peerId.length ? ellipsis + endOf(peerId, most - 1) : peerId
  return peerName === undefined ? id : `${peerName} ${id}`
}

/** The state by its sign and in words, and the reason, if it failed. */
export function stateAndReason(session: BoardSession, { glyphs, words }: Screen): string {
  const { state, reason, step } = session
  if (isAsking(session)) return `${glyphs.asked} asked: ${words.reason('pending')}`
  const sign = `${stateSign(state, glyphs)} ${words.state(state)}`
  if (state === 'TIMEOUT' && step !== undefined) return `${sign} ${words.state(step)}`
  return reason === undefined ? sign : `${sign}: ${words.reason(reason)}`
}

/** In a narrow column the sign says that it failed, and the reason is told. */
function stateWithin(session: BoardSession, width: number, screen: Screen): string {
  const whole = stateAndReason(session, screen)
  const { state, reason } = session
  if (state !== 'FAILED' || reason === undefined || textWidth(whole) <= width) return whole
  const sign = isAsking(session) ? screen.glyphs.asked : stateSign(state, screen.glyphs)
  return `${sign} ${screen.words.reason(reason)}`
}

function stateSign(state: string, glyphs: Glyphs): string {
  if (state === 'COMPLETED') return glyphs.completed
  if (state === 'TIMEOUT') return glyphs.timedOut
  if (state === 'FAILED') return glyphs.failed
  return WAITS_FOR_PEER.has(state) ? glyphs.waits : glyphs.works
}

/** The states in which it is the other side's turn. */
const WAITS_FOR_PEER: ReadonlySet<string> = new Set([
  'CREATED',
  'READING_REQUEST',
  'CONNECTING',
  'AWAITING_RESPONSE',
  'AWAITING_ACK',
  'AWAITING_RECEIPT',
])

/** A bar and the seconds; only the seconds where there is no room. */
function barText(
  until: number | undefined,
  since: number,
  width: number,
  glyphs: Glyphs,
  now: number,
): string {
  if (until === undefined) return ''
  const seconds = timeLeft(until, now).padStart(4)
  return bar(until - now, until - since, width - seconds.length, glyphs) + seconds
}

function rowTone({ state, endedAt }: BoardSession, isChosen: boolean, now: number): Tone {
  if (isChosen) return 'chosen'
  return isOver(state) && now - (endedAt ?? 0) > FADES_AFTER_MS ? 'dim' : 'plain'
}

function cellTone({ name }: SessionColumn, session: BoardSession, tone: Tone, now: number): Tone {
  if (tone !== 'plain') return tone
  if (name === 'state') return endTone(session)
  const { stepUntil, until, since, startedAt } = session
  if (name === 'step') return barTone(stepUntil, since, now)
  return name === 'session' ? barTone(until, startedAt, now) : tone
}

/** The tone of a session's state. */
export function endTone(session: BoardSession): Tone {
  return isAsking(session) ? 'accent' : stateTone(session.state)
}

function stateTone(state: string): Tone {
  if (state === 'COMPLETED') return 'good'
  if (state === 'FAILED') return 'bad'
  return state === 'TIMEOUT' ? 'warn' : 'accent'
}

function barTone(until: number | undefined, since: number, now: number): Tone {
  if (until === undefined) return 'plain'
  return until - now < LITTLE * (until - since) ? 'warn' : 'plain'
}
