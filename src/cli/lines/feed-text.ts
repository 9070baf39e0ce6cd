import type { FeedEvent } from '../../service/feed/event-feed-event.ts'
import { harmless } from '../text/terminal-text.ts'
import { clock, plainLine, sessionLine, short } from './listen-lines.ts'

/** One line for people, as `listen --plain` writes it; undefined for what is only worth a picture. */
export function feedText(event: FeedEvent): string | undefined {
  switch (event.type) {
    case 'session':
      return sessionLine(event, event.since)
    case 'ready':
      return `${clock(event.at)} listening as ${harmless(event.peerId)} since ${clock(event.startedAt)}`
    case 'refused':
      return `${clock(event.at)} refused  ${harmless(short(event.peerId))}  ${harmless(event.code)}`
    case 'problem':
    case 'draining':
      return plainLine(event)
    case 'stopped':
      return plainLine({ ...event, parked: event.parked ?? 0, reason: harmless(event.reason) })
    case 'missed':
      return `${clock(event.at)} missed   ${event.count} events: this reader was too slow`
    case 'audit':
    case 'tokens':
    case 'health':
      return undefined
    default:
      return event satisfies never
  }
}
