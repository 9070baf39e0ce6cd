import { valueText } from '../settings/setting-values.ts'
import { formatBytes } from '../text/byte-size.ts'
import { formatDuration } from '../text/duration.ts'
import { proofText, reachText } from '../text/reach-text.ts'
import { lines, paragraphs, type ScreenText } from '../text/screen-text.ts'
import { renderTable } from '../text/table.ts'
import { localTime } from '../text/time-text.ts'
import type { BytesDocument, StatusDocument, StoredDocument } from './status-document.ts'

type Running = Extract<StatusDocument, { running: true }>

/** The status for people. @param width columns of the terminal */
export function statusText(document: StatusDocument, width: number): ScreenText {
  const { sessions, bytes } = document
  const parts = document.running
    ? [headText(document), countsText(document), storedText(sessions), bytesText(bytes)]
    : [absentText(document), storedText(sessions), bytesText(bytes)]
  const limits = document.running ? [limitsText(document, width)] : []
  return paragraphs([...parts, ...limits])
}

function absentText({
  sessions,
  nextStep,
}: Extract<StatusDocument, { running: false }>): ScreenText {
  const { unfinished } = sessions
  const left = `${unfinished} sessions were left unfinished; the next listener sees to them.`
  const told = ['No listener is running on this data directory.', nextStep]
  return lines(unfinished > 0 ? [...told, left] : told)
}

function headText(status: Running): ScreenText {
  const { peerId, addresses, http, pid, uptimeMs, health, draining, drainMs = 0 } = status
  const seconds = Math.ceil(drainMs / 1_000)
  const readiness = health.ready ? 'ready' : 'not ready'
  const state = draining ? `draining, ${seconds} s left` : readiness
  const up = formatDuration(Math.floor(uptimeMs / 1_000) * 1_000)
  const notes = [
    ...health.problems.map(({ detail }) => `  problem: ${detail}`),
    ...health.warnings.map(({ detail }) => `  warning: ${detail}`),
  ]
  return lines([
    `Listening as ${peerId}`,
    ...addresses.map((address) => `  ${address}${provenText(status, address)}`),
    ...(http === undefined ? [] : [`  ${http}/readyz`]),
    ...reachLines(status),
    `Process ${pid}, up ${up}: ${state}`,
    ...notes,
  ])
}

/** Each address has its own words, where it was tried. */
function provenText({ reach = [] }: Running, address: string): string {
  const proof = reach.find((each) => each.address === address)
  return proof === undefined ? '' : `  ${proofText(proof, Date.now())}`
}

function reachLines({ reach = [] }: Running): string[] {
  const text = reachText(reach, Date.now())
  return text === undefined ? [] : [`Reach: ${text}`]
}

function countsText(status: Running): ScreenText {
  const { sessions, admitted, refused, connections, streams, bufferedBytes, rssBytes } = status
  const turnedAway = Object.entries(refused).filter(([, count]) => count > 0)
  const why = turnedAway.map(([cause, count]) => `${count} ${cause}`).join(', ')
  const { peers, addresses, badSecrets } = status.buckets
  const rows = [
    ['live sessions', `${sessions.live}`],
    ['admitted', `${admitted}`],
    ['refused', why === '' ? '0' : why],
    ['connections', `${connections}, ${streams} streams, ${formatBytes(bufferedBytes)} buffered`],
    [
      'rate buckets',
      `${peers.inUse} peers, ${addresses.inUse} addresses, ${badSecrets.inUse} bad secrets`,
    ],
    ...relayRows(status),
    ...routerRows(status),
    ...eventRows(status),
    ...reapingRows(status),
    ['memory', formatBytes(rssBytes)],
    ['disk', diskText(status)],
    ...doubtRows(status),
  ]
  return pairs(rows)
}

function relayRows({ relays = [] }: Running): string[][] {
  return relays.map(({ address, state, since, problem }) => {
    const how = `${RELAY_STATES[state]} since ${localTime(since)}${problemText(problem)}`
    return ['relay', `${address}, ${how}`]
  })
}

function routerRows({ router: told }: Running): string[][] {
  if (told === undefined) return []
  const { state, since, router = 'none yet', addresses, problem } = told
  if (state !== 'mapped')
    return [['router', `${ROUTER_STATES[state]} since ${localTime(since)}${problemText(problem)}`]]
  return [['router', `${router}, passes on ${addresses.join(', ')} since ${localTime(since)}`]]
}

function eventRows({ onEvent }: Running): string[][] {
  if (onEvent === undefined) return []
  const { told, failed, dropped, waiting } = onEvent
  return [['on-event', `${told} told, ${failed} failed, ${dropped} dropped, ${waiting} waiting`]]
}

function reapingRows({ reaping }: Running): string[][] {
  if (reaping === undefined) return []
  const { policies, everyMs, reaped, pausedUntil } = reaping
  const count = Object.values(reaped).reduce((sum, each) => sum + each, 0)
  const paused = pausedUntil === undefined ? '' : `; PAUSED until ${localTime(pausedUntil)}`
  const what = `${policies.join(', ')} every ${formatDuration(everyMs)}`
  return [['reaping', `${what}, ${count} reaped so far${paused}`]]
}

const ROUTER_STATES = { asked: 'asked', failed: 'passes nothing on' } as const

function problemText(problem: string | undefined): string {
  return problem === undefined ? '' : `: ${problem}`
}

const RELAY_STATES = { reserved: 'there', connecting: 'asked', lost: 'lost' } as const

function doubtRows({ sessionsInDoubt = [] }: Running): string[][] {
  if (sessionsInDoubt.length === 0) return []
  return [['sessions in doubt', sessionsInDoubt.map((id) => id.slice(0, 8)).join(' ')]]
}

function diskText({ disk }: Running): string {
  const { freeBytes, warnBytes, reserveBytes } = disk
  const free = freeBytes === undefined ? 'unknown' : formatBytes(freeBytes)
  const bounds = `warns below ${formatBytes(warnBytes)}, refuses below ${formatBytes(reserveBytes)}`
  return `${free} free; ${bounds}`
}

function storedText(stored: StoredDocument): ScreenText {
  return pairs([
    ['parked', `${stored.parked} uses held for a peer's next try`],
    ...waitingText(stored),
    ['in doubt', `${stored.inDoubt} tallies that the other side may not have`],
    ['archived', `${stored.archived} sessions`],
    ['tallies', `${stored.tallies}`],
    ['invitations', `${stored.tokens}`],
    ['audit', `${stored.auditRecords} records`],
    ['to remove', `${stored.removalsOwed} databases`],
    ['witnessed', witnessedText(stored)],
    ...lostText(stored),
    ...stoppedText(stored),
  ])
}

function waitingText({ requestsWaiting }: StoredDocument): string[][] {
  return requestsWaiting === 0
    ? []
    : [['waiting', `${requestsWaiting} for your yes or no: taleus sessions pending`]]
}

function lostText({ lostUses }: StoredDocument): string[][] {
  return lostUses === 0
    ? []
    : [['lost', `ALARM: tallies that one side has lost, ${lostUses}: taleus recover --dry-run`]]
}

function stoppedText({ syncStopped }: StoredDocument): string[][] {
  return syncStopped === 0
    ? []
    : [
        [
          'not synced',
          `ALARM: tallies whose partner’s changes were refused, ${syncStopped}: taleus tally list`,
        ],
      ]
}

function witnessedText({ witnessed, witnessAlarms }: StoredDocument): string {
  const alarms = `, ALARM for ${witnessAlarms}: taleus audit witnesses`
  return `audits of ${witnessed} partners${witnessAlarms > 0 ? alarms : ''}`
}

function bytesText({ store, wal, events, tables }: BytesDocument): ScreenText {
  const { audit, tallies, sessions, redemptions, other } = tables
  const parts = { audit, tallies, sessions, redemptions, other }
  return pairs([
    ['store', formatBytes(store)],
    ...Object.entries(parts).map(([name, bytes]) => [`  ${name}`, formatBytes(bytes)]),
    ['log (wal)', formatBytes(wal)],
    ['events.jsonl', formatBytes(events)],
  ])
}

function limitsText({ limits }: Running, width: number): ScreenText {
  const rows = limits.map(({ key, value, source }) => [key, valueText(key, value), source])
  const columns = [{ title: 'limit' }, { title: 'in use', shrinkTo: 12 }, { title: 'from' }]
  return renderTable(columns, rows, { width })
}

function pairs(rows: readonly (readonly string[])[]): ScreenText {
  return renderTable([{ title: '' }, { title: '' }], rows, { width: Number.POSITIVE_INFINITY })
}
