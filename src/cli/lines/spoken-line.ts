import type { ListenEvent } from '../../service/feed/event-feed-event.ts'
import { reasonInWords } from '../../service/feed/session-reasons.ts'
import { stopInWords } from '../../service/feed/stop-reasons.ts'
import { line, type ScreenText } from '../text/screen-text.ts'
import {
  howItIs,
  peer,
  plainLine,
  relayText,
  requestText,
  routerText,
  stoppedText,
  syncText,
  wordsText,
} from './listen-lines.ts'

/**
 * A sentence for whoever has the screen read out: how each session ended, and what is out of the ordinary; undefined for
 * all else. Times are left out: it is heard as it happens.
 */
export function spokenLine(event: ListenEvent): ScreenText | undefined {
  if (event.type === 'config') return plainLine(event)
  const sentence = sentenceOf(event)
  return sentence === undefined ? undefined : line(sentence)
}

function sentenceOf(event: Exclude<ListenEvent, { readonly type: 'config' }>): string | undefined {
  switch (event.type) {
    case 'listening':
      return `Listening as ${event.peerId}, on ${event.addresses.join(', ') || 'no address'}.`
    case 'ready':
      return `Following the listener ${event.peerId}.`
    case 'session':
      return event.endedAt === undefined
        ? undefined
        : `Session with ${peer(event)}: ${asSpoken(howItIs(event))}.`
    case 'refused':
      return `Refused ${peer(event)}: ${reasonInWords(event.code)}.`
    case 'problem':
      return `Problem: ${event.detail}.`
    case 'relay':
      return `Relay ${relayText(event)}.`
    case 'sync':
      return `Sync with ${syncText(event)}.`
    case 'request':
      return `Request: ${requestText(event)}.`
    case 'router':
      return `Router: ${routerText(event)}.`
    case 'words':
      return `Words to compare with ${wordsText(event)}.`
    case 'draining':
      return `Stopping: ${event.active} under way, ${Math.ceil(event.ms / 1_000)} seconds left.`
    case 'stopped':
      return `Stopped: ${stopInWords(event.reason)}${stoppedText(event)}.`
    case 'missed':
      return `${event.count} events were missed here.`
    case 'audit':
    case 'tokens':
    case 'health':
      return undefined
    default:
      return event satisfies never
  }
}

/** Lines part what they tell by blanks, which nobody hears. */
function asSpoken(text: string): string {
  return text.replace('  (', ' (').replace('  tally ', ', tally ')
}
