import { relayDirectory } from '../../service/relay/open-relay.ts'
import { runningRelay } from '../../service/relay/running-relay.ts'
import type { RelayStatus } from '../../service/status/relay-status.ts'
import { CommandFailure } from '../errors/errors.ts'
import type { Locations } from '../locations.ts'
import { formatBytes } from '../text/byte-size.ts'
import { formatDuration } from '../text/duration.ts'
import { lines, paragraphs, type ScreenText } from '../text/screen-text.ts'
import { shortPeer } from '../text/short-id.ts'
import { renderTable } from '../text/table.ts'
import { isoTime } from '../text/time-text.ts'
import { accessText } from './relay-lines.ts'

/** The answer of `relay status --json`. Times are ISO 8601, UTC; durations in ms; sizes in bytes. */
export interface RelayStatusDocument extends Omit<RelayStatus, 'startedAt' | 'places'> {
  readonly startedAt: string
  readonly uptimeMs: number
  readonly places: readonly RelayPlaceDocument[]
}

interface RelayPlaceDocument {
  readonly peer: string
  readonly address: string
  readonly since: string
  readonly circuits: number
}

/** Asks the running relay. @throws CommandFailure if there is none; ControlError; DataDirectoryError */
export async function relayStatusDocument(locations: Locations): Promise<RelayStatusDocument> {
  const directory = relayDirectory(locations.dataDirectory)
  const status = directory === undefined ? undefined : await runningRelay(directory)
  if (status === undefined) throw new CommandFailure('no_relay')
  const { startedAt, places, ...same } = status
  return {
    ...same,
    startedAt: isoTime(startedAt),
    uptimeMs: Math.max(0, Date.now() - startedAt),
    places: places.map((place) => ({ ...place, since: isoTime(place.since) })),
  }
}

/** The status for people. @param width columns of the terminal */
export function relayStatusText(document: RelayStatusDocument, width: number): ScreenText {
  const { peerId, addresses, http, pid, uptimeMs, draining, drainMs = 0, access } = document
  const up = formatDuration(Math.floor(uptimeMs / 1_000) * 1_000)
  const state = draining ? `draining, ${Math.ceil(drainMs / 1_000)} s left` : 'ready'
  const head = lines([
    `Relaying as ${peerId}`,
    ...addresses.map((address) => `  ${address}`),
    ...(http === undefined ? [] : [`  ${http}/readyz`]),
    `Process ${pid}, up ${up}: ${state}`,
    `May reserve: ${accessText(access)}`,
  ])
  return paragraphs([head, countsText(document), ...placesText(document, width)])
}

function countsText(document: RelayStatusDocument): ScreenText {
  const { reservations, circuits, reserved, joined, bytes, refused, connections } = document
  const { dialBacks = {} } = document
  const turnedAway = Object.entries(refused).filter(([, count]) => count > 0)
  const why = turnedAway.map(([cause, count]) => `${count} ${cause}`).join(', ')
  const dialled = Object.values(dialBacks).reduce((sum, count) => sum + count, 0)
  const rows = [
    ['places', `${reservations.inUse} of ${reservations.capacity}; ${reserved} since the start`],
    ['circuits', `${circuits.inUse} of ${circuits.capacity}; ${joined} since the start`],
    ['went through', formatBytes(bytes)],
    ['refused', why === '' ? '0' : why],
    ['dialled back', dialled === 0 ? '0' : `${dialled}, ${dialBacks['met'] ?? 0} met`],
    ['connections', `${connections}, ${formatBytes(document.bufferedBytes)} buffered`],
    ['memory', formatBytes(document.rssBytes)],
  ]
  return renderTable([{ title: '' }, { title: '' }], rows, { width: Number.POSITIVE_INFINITY })
}

function placesText({ places }: RelayStatusDocument, width: number): readonly ScreenText[] {
  if (places.length === 0) return []
  const rows = places.map(({ peer, circuits, since, address }) => [
    shortPeer(peer, true),
    `${circuits}`,
    since,
    address,
  ])
  const columns = [
    { title: 'place of' },
    { title: 'circuits' },
    { title: 'since' },
    { title: 'from', shrinkTo: 12 },
  ]
  return [renderTable(columns, rows, { width })]
}
