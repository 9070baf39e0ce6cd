import type { FeedSession, ListenEvent } from '../../service/feed/event-feed-event.ts'
import { hasAsked } from '../../service/feed/session-ends.ts'
import { isDeadline, reasonInWords } from '../../service/feed/session-reasons.ts'
import { stateInWords, statesInWords } from '../../service/feed/session-states.ts'
import { stopInWords } from '../../service/feed/stop-reasons.ts'
import { changeText } from '../settings/setting-values.ts'
import { jsonText } from '../text/json-text.ts'
import { peerText } from '../text/peer-text.ts'
import { line, lines, type ScreenText } from '../text/screen-text.ts'
import { shortId } from '../text/short-id.ts'
import { whyText } from '../text/state-text.ts'
import { harmlessWithin } from '../text/terminal-text.ts'
import { localTime } from '../text/time-text.ts'
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
  const { peerId, addresses, pid, startedAt, http, newParty } = event
  return { type: 'ready', peerId, addresses, pid, at: iso(startedAt), http, newParty }
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
    case 'session':
      return sessionLine(event)
    case 'config':
      return changesText(event)
    case 'audit':
    case 'tokens':
    case 'health':
      return undefined
    default:
      return line(`${localTime(event.at)} ${plainText(event)}`)
  }
}

type Plain = Exclude<ListenEvent['type'], 'listening' | 'session' | 'config' | Silent>
type Silent = 'audit' | 'tokens' | 'health'

function plainText(event: EventOf<Plain>): string {
  switch (event.type) {
    case 'ready':
      return `listening as ${event.peerId} since ${localTime(event.startedAt)}`
    case 'refused':
      return `refused  ${peer(event)}  ${reasonInWords(event.code)}`
    case 'problem':
      return `problem  ${event.detail}`
    case 'relay':
      return `relay    ${relayText(event)}`
    case 'sync':
      return `sync     ${syncText(event)}`
    case 'request':
      return `request  ${requestText(event)}`
    case 'router':
      return `router   ${routerText(event)}`
    case 'words':
      return `words    ${wordsText(event)}`
    case 'draining':
      return `stopping: ${event.active} under way, ${Math.ceil(event.ms / 1000)} s left (signal again to leave now)`
    case 'stopped':
      return `stopped (${stopInWords(event.reason)})${stoppedText(event)}`
    case 'missed':
      return `missed   ${event.count} events: this reader was too slow`
    default:
      return event satisfies never
  }
}

/** Tells an exchange with a partner, e.g. "…4f2a: 2 changes taken, 1 given". */
export function syncText({ result, taken, given, ...event }: EventOf<'sync'>): string {
  const who = peer(event)
  if (result === 'missed') return `${who}: not reached; it is sought again`
  const went = `${taken} ${taken === 1 ? 'change' : 'changes'} taken, ${given} given`
  return `${who}: ${went}${result === 'cut' ? '; it broke off, and goes on at the next one' : ''}`
}

/** Tells a request at an invitation by hand, e.g. "Bob (…4f2a) waits for your yes or no: taleus sessions approve k4b2nd7q". */
export function requestText({ id, state, cause, ...event }: EventOf<'request'>): string {
  const who = peerText(event, true)
  switch (state) {
    case 'waiting':
      return `${who} waits for your yes or no: taleus sessions approve ${shortId(id, true)}`
    case 'approved':
      return `${who}: you said yes; it goes on when it asks again`
    case 'denied':
      return `${who}: you said no`
    case 'over':
      return `${who} waits no more: ${cause ?? 'over'}`
    default:
      return state satisfies never
  }
}

export function relayText({ address, state, isBack, problem }: EventOf<'relay'>): string {
  if (state === 'lost') return `lost: ${address}: ${problem ?? 'no connection'}; it is asked again`
  return `${isBack === true ? 'back' : 'there'}: others can come by ${address}`
}

export function routerText({ state, router, addresses, problem }: EventOf<'router'>): string {
  if (state === 'mapped') return `${router} passes on ${addresses.join(', ')}; not proven yet`
  return `nobody comes in that way: ${problem ?? 'no answer'}; it is asked again`
}

/** Tells the words to compare, e.g. "Bob …4f2a, tally mf3wcy3b: clip orbit shrug velvet". */
export function wordsText({ tallyId, words, ...event }: EventOf<'words'>): string {
  return `${peer(event)}, tally ${tallyId.slice(0, 8)}: ${words.join(' ')}`
}

function changesText({ at, changes }: EventOf<'config'>): ScreenText {
  const when = localTime(at)
  if (changes.length === 0) return line(`${when} settings: read, nothing changed`)
  return lines(changes.map((change) => `${when} setting  ${changeText(change)}`))
}

/** Tells of those that were under way; empty if there were none. */
export function stoppedText({
  cut,
  parked = 0,
  inDoubt = [],
}: Omit<EventOf<'stopped'>, 'at' | 'type'>): string {
  const others = cut - parked
  const ids = inDoubt.map((id) => id.slice(0, 8)).join(' ')
  const open = `, ${inDoubt.length} in doubt because the disk did not answer (${ids}): the next start settles them`
  const kept = parked > 0 ? `, ${parked} parked: they go on when their peers come again` : ''
  return `${kept}${others > 0 ? `, ${others} cut off` : ''}${inDoubt.length > 0 ? open : ''}`
}

function listeningLines({ peerId, addresses, startedAt, http }: EventOf<'listening'>): ScreenText {
  const pages = http === undefined ? [] : [`${http}/readyz`]
  const places = [...addresses, ...pages].map((address) => `  ${address}`)
  const on = places.length === 0 ? '' : ' on'
  return lines([`${localTime(startedAt)} listening as ${peerId}${on}`, ...places])
}

function sessionLine(session: FeedSession): ScreenText {
  const { id, since } = session
  return line(`${localTime(since)} ${id.slice(0, 8)}  ${peer(session)}  ${howItIs(session)}`)
}

/** The state in words, why it ended so, and what came of it. */
export function howItIs(session: FeedSession): string {
  const { state, reason, tallyId, protocol } = session
  const older = protocol === undefined ? '' : `  (older peer, ${protocol})`
  if (hasAsked(session)) return `asked: ${reasonInWords('pending')}${older}`
  const why = whyText(session)
  const end = why === '' ? '' : `${isDeadline(reason) ? ' ' : ': '}${why}`
  const isTold = session.detail !== undefined && !isDeadline(reason)
  const detail = isTold ? `  (${harmlessWithin(statesInWords(session.detail ?? ''), 80)})` : ''
  const tally = state === 'COMPLETED' && tallyId !== undefined ? `  tally ${tallyId}` : ''
  return `${stateInWords(state)}${end}${detail}${tally}${older}`
}

/** The name, where there is one, and the end of the id: the beginnings of all ids are alike. */
export function peer({ peerId, ...named }: Pick<FeedSession, 'peerId' | 'peerName'>): string {
  return peerText({ ...named, peerId: `…${peerId.slice(-8)}` }, false)
}
