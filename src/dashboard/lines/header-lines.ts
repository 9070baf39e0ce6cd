import type { FeedProof, FeedSyncs } from '../../service/feed/event-feed-event.ts'
import type { Board } from '../board/board.ts'
import { ratePerSecond } from '../board/pulse.ts'
import type { UiState } from '../board/ui-state.ts'
import { cutLine, endOf, type Line, type Span, span, spread } from '../text/span.ts'
import { shortTime } from '../text/time-words.ts'
import type { Words } from '../text/words.ts'
import { bar } from './bar.ts'
import type { Screen } from './screen.ts'

/** The listener and its load; the totals; the addresses. The most needed first. */
export function headerLines(
  board: Board,
  ui: UiState,
  screen: Screen,
  height: number,
): readonly Line[] {
  const { columns, glyphs } = screen
  const lines = [
    spread(listenerLine(board, ui, screen), rightOf(board, ui, screen), columns),
    totalsLine(board, screen),
    ...waitingLines(board),
    addressLine(board, screen),
  ]
  return lines.slice(0, height).map((line) => cutLine(line, columns, glyphs.ellipsis))
}

function listenerLine(board: Board, ui: UiState, screen: Screen): Line {
  const { listener, live } = board
  const { glyphs, columns } = screen
  if (listener === undefined) return [span('taleus', 'strong'), span('  no listener yet')]
  const { maxSessions, peerId } = listener
  const active = live.size
  const limit = maxSessions > 0 ? ` of ${maxSessions}` : ''
  const load = maxSessions > 0 && columns >= 60 ? ` ${bar(active, maxSessions, 10, glyphs)}` : ''
  const isTight = maxSessions > 0 && active >= 0.9 * maxSessions
  const who = columns >= 60 ? ` ${glyphs.ellipsis}${endOf(peerId, 8)}` : ''
  const frozen = ui.frozen === undefined ? [] : [span(' FROZEN', 'warn')]
  return [
    span('taleus', 'strong'),
    span(who, 'dim'),
    ...frozen,
    span(`  ${active}${limit} under way${load}`, isTight ? 'warn' : 'plain'),
  ]
}

function rightOf({ listener, pulse }: Board, ui: UiState, { columns, now }: Screen): Line {
  if (listener === undefined) return []
  const rate = `${ratePerSecond(pulse, now).toFixed(1)}/s`
  const sort = columns >= 70 && ui.sort !== 'age' ? `by ${ui.sort}  ` : ''
  const up = listener.startedAt > 0 ? `  up ${shortTime(now - listener.startedAt)}` : ''
  return [span(` ${sort}${rate}${up}`, 'dim')]
}

function totalsLine(
  { totals, health, refusals }: Board,
  { glyphs, columns, words, now }: Screen,
): Line {
  const { completed, looked, asked, failed, timedOut, refused } = totals
  const isWide = columns >= 60
  const why = columns >= 100 ? refusalText(refusals, words) : ''
  const memory = health === undefined || columns < 90 ? '' : `   ${megabytes(health.rssBytes)}`
  const pausedUntil = health?.reapPausedUntil
  const paused =
    pausedUntil === undefined || columns < 60
      ? ''
      : `  reaping paused ${shortTime(Math.max(0, pausedUntil - now))}`
  const lag = health !== undefined && health.lagMs >= 100 ? `  loop ${health.lagMs} ms late` : ''
  return [
    span(`${glyphs.completed} ${completed}${isWide ? ' completed' : ''}  `, 'good'),
    span(`${glyphs.failed} ${failed}${isWide ? ' failed' : ''}  `, failed > 0 ? 'bad' : 'plain'),
    span(
      `${glyphs.timedOut} ${timedOut}${isWide ? ' timed out' : ''}  `,
      timedOut > 0 ? 'warn' : 'plain',
    ),
    span(`${glyphs.refused} ${refused}${isWide ? ' refused' : ''}${why}`),
    span(asked > 0 ? `  ${glyphs.asked} ${asked}${isWide ? ' asked' : ''}` : '', 'accent'),
    span(looked > 0 && columns >= 80 ? `  ${looked} looked` : '', 'dim'),
    ...syncSpans(health?.syncs, columns),
    span(paused, 'warn'),
    span(memory, 'dim'),
    span(lag, 'warn'),
  ]
}

/** Documents that are not as the partners' are. All that is well is told where there is room. */
function syncSpans(syncs: FeedSyncs | undefined, columns: number): readonly Span[] {
  if (syncs === undefined) return []
  const { inSync, ahead, behind, stopped } = syncs
  const waiting = ahead + behind
  return [
    span(stopped > 0 ? `  ${stopped} NOT SYNCED` : '', 'bad'),
    span(waiting > 0 && columns >= 60 ? `  ${waiting} to sync` : '', 'warn'),
    span(columns >= 80 ? `  ${inSync} in sync` : '', 'dim'),
  ]
}

/** Tells who waits for the inviter's yes or no, each name in quotes, so that none can pass for two; in the place of the addresses where there is no room for both. */
function waitingLines({ health }: Board): readonly Line[] {
  const { waiting } = health ?? {}
  if (waiting === undefined) return []
  const { count, oldest } = waiting
  const who = oldest.map(({ id, peerId, peerName }) => {
    const name = peerName === undefined ? endOf(peerId, ID_SHOWN) : JSON.stringify(peerName)
    return `${id.slice(0, ID_SHOWN)} ${name}`
  })
  const more = count > oldest.length ? ', …' : ''
  return [[span(`${count} to say yes or no to: `, 'warn'), span(`${who.join(', ')}${more}`)]]
}

/** Characters of an id that are enough to name it. */
const ID_SHOWN = 8

function refusalText(refusals: Board['refusals'], words: Words): string {
  const [...all] = refusals
  if (all.length === 0) return ''
  const most = all.sort(([, a], [, b]) => b - a).slice(0, 3)
  return ` (${most.map(([code, count]) => `${count} ${words.reason(code)}`).join(', ')})`
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1_048_576)} MB`
}

function addressLine(board: Board, { glyphs, now }: Screen): Line {
  const { listener } = board
  const addresses = listener?.addresses ?? []
  const [first = '', ...more] = addresses
  const others = more.length > 0 ? ` and ${more.length} more` : ''
  if (listener === undefined) return []
  return [
    span(addresses.length === 0 ? 'no address' : `on ${first}${others}`),
    span(` ${glyphs.dot} `),
    proofOf(board, now),
  ]
}

/** How far it can be reached: somebody who came from afar proves most, then the listener's own try, then others. */
function proofOf({ reached, health }: Board, now: number): Span {
  const proof = health?.proof
  if (proof?.outside === 'proven') {
    return span(`reachable directly, proven from outside ${agoOf(proof, now)}`, 'good')
  }
  if (reached === 'public' || reached === 'relay') return span(REACHED[reached], 'good')
  if (proof?.by === 'relay' && proof.problem === undefined) {
    return span(`reachable through a relay, proven ${agoOf(proof, now)}`, 'good')
  }
  if (proof?.by === 'relay') return span(`not reachable by a relay: ${proof.problem}`, 'warn')
  if (reached !== undefined) return span(REACHED[reached], reached === 'loopback' ? 'dim' : 'good')
  if (proof === undefined) return span('not reached by anybody yet', 'dim')
  if (proof.outside === 'failed') {
    return span(`not reachable directly: a relay ${proof.problem}`, 'warn')
  }
  return proof.problem === undefined
    ? span('answers here, not reached by anybody yet', 'dim')
    : span(`not met at its own address: ${proof.problem}`, 'warn')
}

function agoOf({ triedAt }: FeedProof, now: number): string {
  return `${shortTime(Math.max(0, now - triedAt))} ago`
}

/** The words for the farthest place from which a peer has come. */
const REACHED: Readonly<Record<NonNullable<Board['reached']>, string>> = {
  loopback: 'reached from this computer only',
  'link-local': 'reached from this network',
  private: 'reached from this network',
  cgnat: "reached from the provider's network",
  relay: 'reached through a relay',
  public: 'reached from the internet',
}
