import type { FeedSession, ListenEvent } from '../../service/feed/event-feed-event.ts'
import { changeText } from '../settings/setting-values.ts'
import { jsonText } from '../text/json-text.ts'
import { line, lines, type ScreenText } from '../text/screen-text.ts'
import { harmlessWithin } from '../text/terminal-text.ts'
import { sessionEnd } from './session-end.ts'

type EventOf<Type extends ListenEvent['type']> = Extract<ListenEvent, { readonly type: Type }>

/** One JSON document on one line, as `listen --json` writes it: `ready` is the first, `stopped` the last. */
export function jsonLine(event: ListenEvent): ScreenText {
  return jsonText(jsonOf(event))
}

function jsonOf(event: ListenEvent): object {
  if (event.type === 'session') return jsonSession(event)
  if (event.type !== 'listening') {
    const { type, at, ...rest } = event
    return { type, at: iso(at), ...rest }
  }
  const { peerId, addresses, pid, startedAt, http } = event
  return { type: 'ready', peerId, addresses, pid, at: iso(startedAt), http }
}

/** The members of the summary stand between those of the move and the times. */
function jsonSession({ type, at: _at, ...session }: EventOf<'session'>): object {
  const { from, to, ms, startedAt, since, stepUntil, until, endedAt, ...more } = session
  const { steps: _steps, exchange: _exchange, ...rest } = more
  return {
    type,
    at: iso(since),
    from,
    to,
    ms,
    ...rest,
    startedAt: iso(startedAt),
    since: iso(since),
    stepUntil: iso(stepUntil),
    until: iso(until),
    endedAt: iso(endedAt),
    ...(endedAt === undefined ? {} : sessionEnd(session)),
  }
}

function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString()
}

/**
 * Lines for people, without colours, as `listen --plain` and `dashboard --plain` write them; undefined for what is only
 * worth a picture.
 */
export function plainLine(event: ListenEvent): ScreenText | undefined {
  switch (event.type) {
    case 'listening':
      return listeningLines(event)
    case 'ready':
      return line(`${clock(event.at)} listening as ${event.peerId} since ${clock(event.startedAt)}`)
    case 'session':
      return sessionLine(event)
    case 'refused':
      return line(`${clock(event.at)} refused  ${short(event.peerId)}  ${event.code}`)
    case 'problem':
      return line(`${clock(event.at)} problem  ${event.detail}`)
    case 'config':
      return changesText(event)
    case 'draining':
      return line(
        `${clock(event.at)} stopping: ${event.active} under way, ${Math.ceil(event.ms / 1000)} s left (signal again to leave now)`,
      )
    case 'stopped':
      return line(`${clock(event.at)} stopped (${event.reason})${endText(event)}`)
    case 'missed':
      return line(`${clock(event.at)} missed   ${event.count} events: this reader was too slow`)
    case 'audit':
    case 'tokens':
    case 'health':
      return undefined
    default:
      return event satisfies never
  }
}

function changesText({ at, changes }: EventOf<'config'>): ScreenText {
  if (changes.length === 0) return line(`${clock(at)} settings: read, nothing changed`)
  return lines(changes.map((change) => `${clock(at)} setting  ${changeText(change)}`))
}

function endText({ cut, parked = 0, inDoubt = [] }: EventOf<'stopped'>): string {
  const others = cut - parked
  const ids = inDoubt.map((id) => id.slice(0, 8)).join(' ')
  const open = `, ${inDoubt.length} in doubt because the disk did not answer (${ids}): the next start settles them`
  const kept = parked > 0 ? `, ${parked} parked: they go on when their peers come again` : ''
  return `${kept}${others > 0 ? `, ${others} cut off` : ''}${inDoubt.length > 0 ? open : ''}`
}

function listeningLines({ peerId, addresses, startedAt, http }: EventOf<'listening'>): ScreenText {
  const pages = http === undefined ? [] : [`${http}/metrics`]
  const places = [...addresses, ...pages].map((address) => `         ${address}`)
  return lines([`${clock(startedAt)} listening as ${peerId} on`, ...places])
}

function sessionLine(session: FeedSession): ScreenText {
  const { id, peerId, state, reason, step, tallyId, since } = session
  const why = reason === undefined ? '' : `  ${reason}${step === undefined ? '' : ` in ${step}`}`
  const detail = session.detail === undefined ? '' : `  (${harmlessWithin(session.detail, 80)})`
  const tally = state === 'COMPLETED' && tallyId !== undefined ? `  tally ${tallyId}` : ''
  return line(
    `${clock(since)} ${id.slice(0, 8)}  ${short(peerId)}  ${state}${why}${detail}${tally}`,
  )
}

/** The end of a peer id differs, its beginning does not. */
function short(peerId: string): string {
  return `…${peerId.slice(-8)}`
}

/** The time of day. */
function clock(ms: number): string {
  const date = new Date(ms)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}
