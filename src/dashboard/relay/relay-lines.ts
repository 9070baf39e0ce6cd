import { bar } from '../lines/bar.ts'
import type { Glyphs } from '../text/glyphs.ts'
import { cutLine, endOf, inColumns, type Line, span, spread } from '../text/span.ts'
import { shortTime, timeLeft } from '../text/time-words.ts'
import type { RelayPicture, RelayPlaceShown, RelayShare } from './relay-picture.ts'

export interface RelayScreen {
  readonly columns: number
  readonly rows: number
  readonly glyphs: Glyphs
  /** Places passed over at the top. */
  readonly scroll: number
}

/** The lines between head and foot that the places may take; the rest is for news. */
const PLACES_SHARE = 0.5

/** The whole picture, one line less than the screen has: the cursor stands below it. */
export function relayLines(picture: RelayPicture, screen: RelayScreen): readonly Line[] {
  const { columns, rows, glyphs } = screen
  const height = Math.max(1, rows - 1)
  const head = headLines(picture, screen)
  const foot = footLine(picture)
  const middle = Math.max(0, height - head.length - 1)
  const places = placeLines(picture, screen, Math.ceil(middle * PLACES_SHARE))
  const news = newsLines(picture, middle - places.length)
  const empty = Math.max(0, middle - places.length - news.length)
  const all = [...head, ...places, ...news, ...Array.from({ length: empty }, () => [])]
  return [...all.slice(0, height - 1), foot].map((line) => cutLine(line, columns, glyphs.ellipsis))
}

function headLines(picture: RelayPicture, { columns, glyphs }: RelayScreen): readonly Line[] {
  const { now, startedAt, peerId, addresses, access, reserved, joined, refused } = picture
  const [first = 'no address', ...more] = addresses
  const others = more.length > 0 ? ` and ${more.length} more` : ''
  const who = columns >= 60 ? ` ${glyphs.ellipsis}${endOf(peerId, 8)}` : ''
  const left = [
    span('taleus relay', 'strong'),
    span(who, 'dim'),
    ...shareSpans('places', picture.reservations, columns, glyphs),
    ...shareSpans('circuits', picture.circuits, columns, glyphs),
  ]
  return [
    spread(left, [span(` up ${shortTime(now - startedAt)}`, 'dim')], columns),
    [
      span(`${glyphs.completed} ${joined} joined  `, 'good'),
      span(`${reserved} reserved  `),
      span(`${glyphs.refused} ${refused} refused`, refused > 0 ? 'warn' : 'plain'),
      span(`  ${picture.bytes} through  ${picture.memory}`, 'dim'),
    ],
    [span(`on ${first}${others}`)],
    [span(`may reserve: ${access}`, access === 'nobody' ? 'warn' : 'plain')],
  ]
}

function shareSpans(
  name: string,
  { inUse, capacity }: RelayShare,
  columns: number,
  glyphs: Glyphs,
): Line {
  const drawn = columns >= 90 ? ` ${bar(inUse, capacity, 8, glyphs)}` : ''
  const isTight = inUse >= 0.9 * capacity
  return [span(`  ${inUse} of ${capacity} ${name}${drawn}`, isTight ? 'warn' : 'plain')]
}

const PEER = 10
const CIRCUITS = 9
const HELD = 6

function placeLines(picture: RelayPicture, screen: RelayScreen, height: number): readonly Line[] {
  const { places, now } = picture
  const { glyphs, scroll } = screen
  if (height < 3) return []
  const room = height - 2
  const start = Math.max(0, Math.min(scroll, places.length - room))
  const shown = places.slice(start, start + room)
  const range =
    places.length > room ? `  ${start + 1} to ${start + shown.length} of ${places.length}` : ''
  const title = `${'peer'.padEnd(PEER)}${'circuits'.padEnd(CIRCUITS)} ${'held'.padEnd(HELD)} from${range}`
  if (places.length === 0) return [[], [span('nobody has a place here yet', 'dim')]]
  return [[], [span(title, 'dim')], ...shown.map((place) => placeLine(place, now, glyphs))]
}

function placeLine(place: RelayPlaceShown, now: number, { ellipsis }: Glyphs): Line {
  const { peer, circuits, since, address } = place
  return [
    span(inColumns(`${ellipsis}${endOf(peer, 8)}`, PEER, ellipsis)),
    span(inColumns(`${circuits}`, CIRCUITS, ellipsis), circuits > 0 ? 'good' : 'dim'),
    span(` ${inColumns(shortTime(now - since), HELD, ellipsis)} `),
    span(address, 'dim'),
  ]
}

function newsLines({ news }: RelayPicture, height: number): readonly Line[] {
  if (height < 2 || news.length === 0) return []
  return [[], ...news.slice(1 - height).map((text) => [span(text)])]
}

function footLine({ drainMs, circuits }: RelayPicture): Line {
  if (drainMs === undefined) return [span('q stop  arrows scroll', 'dim')]
  const left = `${circuits.inUse} circuits, up to ${timeLeft(drainMs, 0)} more`
  return [span('stopping: ', 'warn'), span(`${left}; ^C again to leave now`)]
}
