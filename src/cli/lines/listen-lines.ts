import type { SessionDeadlines } from '../../service/feed/session-deadlines.ts'
import type { SessionSummary, Transition } from '../../service/sessions/session-history.ts'
import type { SettingChange } from '../../service/status/listener-settings.ts'
import type { ListenerStatus } from '../../service/status/listener-status.ts'
import { changeText } from '../settings/setting-change-text.ts'
import { jsonText } from '../text/json-text.ts'
import { harmless, harmlessWithin } from '../text/terminal-text.ts'
import { sessionEnd } from './session-end.ts'

/** What a listener reports while it runs, one at a time. */
export type ListenEvent =
  | { readonly type: 'ready'; readonly status: ListenerStatus }
  | {
      readonly type: 'session'
      readonly summary: SessionSummary
      readonly path: readonly Transition[]
      readonly deadlines: SessionDeadlines
    }
  | {
      readonly type: 'refused'
      readonly at: number
      readonly peerId: string
      readonly code: string
    }
  | { readonly type: 'problem'; readonly at: number; readonly detail: string }
  | {
      readonly type: 'config'
      readonly at: number
      readonly changes: readonly SettingChange[]
    }
  | { readonly type: 'draining'; readonly at: number; readonly active: number; readonly ms: number }
  | {
      readonly type: 'stopped'
      readonly at: number
      readonly reason: string
      readonly cut: number
      readonly parked: number
    }

/** One JSON document on one line. `ready` is the first, `stopped` the last. */
export function jsonLine(event: ListenEvent): string {
  return jsonText(jsonOf(event))
}

function jsonOf(event: ListenEvent): object {
  switch (event.type) {
    case 'ready': {
      const { peerId, addresses, pid, startedAt, http } = event.status
      return { type: 'ready', peerId, addresses, pid, at: iso(startedAt), http }
    }
    case 'session': {
      const { summary, path, deadlines } = event
      const last = path.at(-1)
      const { startedAt, endedAt, steps: _steps, exchange: _exchange, ...rest } = summary
      return {
        type: 'session',
        at: iso(last?.at ?? startedAt),
        from: path[0]?.from,
        to: last?.to,
        ms: last?.ms,
        ...rest,
        startedAt: iso(startedAt),
        ...isoDeadlines(deadlines),
        ...(endedAt === undefined ? {} : { endedAt: iso(endedAt), ...sessionEnd(summary) }),
      }
    }
    case 'refused':
    case 'problem':
    case 'config':
    case 'draining':
    case 'stopped':
      return { ...event, at: iso(event.at) }
    default:
      return event satisfies never
  }
}

function isoDeadlines({ since, stepUntil, until }: SessionDeadlines): object {
  return {
    since: iso(since),
    ...(stepUntil === undefined ? {} : { stepUntil: iso(stepUntil) }),
    ...(until === undefined ? {} : { until: iso(until) }),
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

/** One line for people, without colours. */
export function plainLine(event: ListenEvent): string {
  switch (event.type) {
    case 'ready':
      return readyLines(event.status)
    case 'session':
      return sessionLine(event.summary, event.path.at(-1)?.at ?? event.summary.startedAt)
    case 'refused':
      return `${clock(event.at)} refused  ${short(event.peerId)}  ${event.code}`
    case 'problem':
      return `${clock(event.at)} problem  ${harmless(event.detail)}`
    case 'config':
      return changesText(event)
    case 'draining':
      return `${clock(event.at)} stopping: ${event.active} under way, ${Math.ceil(event.ms / 1000)} s left (signal again to leave now)`
    case 'stopped':
      return `${clock(event.at)} stopped (${event.reason})${endText(event)}`
    default:
      return event satisfies never
  }
}

function changesText({ at, changes }: Extract<ListenEvent, { type: 'config' }>): string {
  if (changes.length === 0) return `${clock(at)} settings: read, nothing changed`
  const lines = changes.map((change) => `${clock(at)} setting  ${changeText(change)}`)
  return lines.join('\n')
}

function endText({ cut, parked }: { readonly cut: number; readonly parked: number }): string {
  const others = cut - parked
  const kept = parked > 0 ? `, ${parked} parked: they go on when their peers come again` : ''
  return `${kept}${others > 0 ? `, ${others} cut off` : ''}`
}

function readyLines({ peerId, addresses, startedAt, http }: ListenerStatus): string {
  const pages = http === undefined ? [] : [`${http}/metrics`]
  const lines = [...addresses, ...pages].map((address) => `         ${address}`)
  return [`${clock(startedAt)} listening as ${peerId} on`, ...lines].join('\n')
}

/** A session in the state it entered at `at`. */
export function sessionLine(summary: SessionSummary, at: number): string {
  const { id, peerId, state, reason, step, tallyId } = summary
  const why = reason === undefined ? '' : `  ${reason}${step === undefined ? '' : ` in ${step}`}`
  const detail = summary.detail === undefined ? '' : `  (${harmlessWithin(summary.detail, 80)})`
  const tally = state === 'COMPLETED' && tallyId !== undefined ? `  tally ${tallyId}` : ''
  return `${clock(at)} ${id.slice(0, 8)}  ${short(peerId)}  ${state}${why}${detail}${tally}`
}

/** The end of a peer id differs, its beginning does not. */
export function short(peerId: string): string {
  return `…${peerId.slice(-8)}`
}

/** The time of day. */
export function clock(ms: number): string {
  const date = new Date(ms)
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
}
