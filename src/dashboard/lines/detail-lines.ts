import type { Board, BoardDetails, BoardSession, Passage } from '../board/board.ts'
import { isOver } from '../board/sessions.ts'
import { wrapText } from '../text/fit.ts'
import { inColumns, type Line, span } from '../text/span.ts'
import { clockTime, shortTime, timeLeft, tookTime } from '../text/time-words.ts'
import type { Screen } from './screen.ts'
import { ageText, endTone, stateAndReason } from './session-row.ts'

/** Columns of a value, however narrow the screen. */
const MIN_VALUE = 8

/** Everything about one session: the peer, the invitation, the states passed, the time left. */
export function detailLines(
  session: BoardSession | undefined,
  details: BoardDetails | undefined,
  board: Board,
  screen: Screen,
): readonly Line[] {
  if (session === undefined) return [[span('This session is no longer known here.')]]
  return [
    [span(stateAndReason(session, screen), endTone(session))],
    ...factLines(session, details, board, screen),
    [],
    [span('WHAT HAPPENED', 'dim')],
    ...passagesOf(session, details).map((passage) => passageLine(passage, session, screen)),
  ]
}

function factLines(
  session: BoardSession,
  details: BoardDetails | undefined,
  { labels }: Board,
  { columns, now }: Screen,
): readonly Line[] {
  const { id, side, peerId, peerName, role, tokenId, detail, until, stepUntil, state } = session
  const label = tokenId === undefined ? undefined : labels.get(tokenId)
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['session', id],
    ['peer', peerName === undefined ? peerId : `${peerName} (${peerId})`],
    ['disclosed', identityText(details)],
    ['from', session.remoteAddress],
    ['protocol', session.protocol && `${session.protocol}: an older peer, guarantees less`],
    ['side', side === 'listener' ? 'they came to us' : 'we went to them'],
    ['our half', role],
    ['invitation', label === undefined ? tokenId : `${label} (${tokenId})`],
    ['redemption', session.redemptionId],
    ['tally', session.tallyId],
    ['words', details?.words?.join(' ')],
    ['why', state === 'TIMEOUT' ? undefined : detail],
    ['step left', stepUntil === undefined ? undefined : timeLeft(stepUntil, now)],
    ['time left', until === undefined ? undefined : timeLeft(until, now)],
    [session.endedAt === undefined ? 'age' : 'took', ageText(session, now)],
  ]
  const width = columns < 60 ? 10 : 14
  return facts.flatMap(([name, value]) => {
    // Here is where what is cut elsewhere is looked at.
    const rows = value === undefined ? [] : wrapText(value, Math.max(MIN_VALUE, columns - width))
    return rows.map((row, at) => [
      span(inColumns(at === 0 ? name : '', width, ''), 'dim'),
      span(row),
    ])
  })
}

function identityText(details: BoardDetails | undefined): string | undefined {
  if (details?.identity === undefined) return undefined
  const fields = Object.entries(details.identity).map(([name, value]) => `${name}: ${value}`)
  return fields.length === 0 ? 'nothing' : fields.join(', ')
}

/** The states passed: the store's account, which is whole, else what was heard since the view began. */
function passagesOf(session: BoardSession, details: BoardDetails | undefined): readonly Passage[] {
  const { passages, startedAt } = session
  const told = details?.transitions ?? []
  const [first] = told
  if (first === undefined || told.length + 1 < passages.length) return passages
  const states = [
    { state: first.from, at: startedAt },
    ...told.map(({ to, at }) => ({ state: to, at })),
  ]
  return states.map((each, at) => {
    const ms = told[at]?.ms
    return ms === undefined ? each : { ...each, ms }
  })
}

function passageLine({ state, at, ms }: Passage, session: BoardSession, screen: Screen): Line {
  const { glyphs, now } = screen
  const isNow = ms === undefined && !isOver(state)
  const took = isNow ? `${shortTime(now - at)} so far` : tookTime(ms ?? 0)
  const sign = isNow ? glyphs.works : glyphs.dot
  const words = inColumns(screen.words.state(state), 24, glyphs.ellipsis)
  const { reason } = session
  const why = reason === undefined ? '' : screen.words.reason(reason)
  const end = isOver(state) ? why : took
  return [
    span(`${clockTime(at)} `, 'dim'),
    span(`${sign} ${words} `, isOver(state) ? endTone(session) : 'plain'),
    span(end, isNow ? 'accent' : 'dim'),
  ]
}
