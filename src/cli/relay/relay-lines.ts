import { stopInWords } from '../../service/feed/stop-reasons.ts'
import {
  circuitEndInWords,
  type RelayNews,
  refusalInWords,
} from '../../service/relay/relay-news.ts'
import type { RelayStatus } from '../../service/status/relay-status.ts'
import { formatBytes } from '../text/byte-size.ts'
import { jsonText } from '../text/json-text.ts'
import { line, lines, type ScreenText } from '../text/screen-text.ts'
import { shortPeer } from '../text/short-id.ts'
import { isoTime, localTime, tookText } from '../text/time-text.ts'

/** One JSON document on one line, as `relay --json` writes it: `ready` is the first, `stopped` the last. */
export function relayJsonLine({ at, ...news }: RelayNews): ScreenText {
  if (news.type !== 'ready') {
    const { type, ...rest } = news
    return jsonText({ type, at: isoTime(at), ...rest })
  }
  const { type, peerId, addresses, startedAt, ...rest } = news
  return jsonText({ type, peerId, addresses, at: isoTime(startedAt), ...rest })
}

/** Lines for people, without colours. */
export function relayPlainLine(news: RelayNews): ScreenText {
  if (news.type === 'ready') return readyLines(news)
  return line(`${localTime(news.at)} ${relayNewsText(news)}`)
}

function readyLines(news: Extract<RelayNews, { type: 'ready' }>): ScreenText {
  const { peerId, addresses, http, access, startedAt } = news
  const pages = http === undefined ? [] : [`${http}/readyz`]
  return lines([
    `${localTime(startedAt)} relaying as ${peerId} on`,
    ...[...addresses, ...pages].map((address) => `  ${address}`),
    `  may reserve: ${accessText(access)}`,
  ])
}

/** Those who may reserve, in words. */
export function accessText({ open, peers, token }: RelayStatus['access']): string {
  if (open) return 'anybody'
  const named = peers === 0 ? [] : [peers === 1 ? 'one peer by name' : `${peers} peers by name`]
  const all = token ? [...named, 'whoever knows the token'] : named
  return all.length === 0 ? 'nobody' : all.join(', ')
}

/** One piece of news, without its time. */
export function relayNewsText(news: Exclude<RelayNews, { type: 'ready' }>): string {
  switch (news.type) {
    case 'reserved':
      return `reserved ${shortPeer(news.peer, true)}  from ${news.address}`
    case 'released':
      return `released ${shortPeer(news.peer, true)}  after ${tookText(news.ms)}`
    case 'refused':
      return `refused  ${shortPeer(news.peer, true)}  ${refusalInWords(news.why)}`
    case 'joined':
      return `joined   ${shortPeer(news.from, true)} to ${shortPeer(news.to, true)}`
    case 'parted':
      return `parted   ${shortPeer(news.from, true)} to ${shortPeer(news.to, true)}  ${partedText(news)}`
    case 'problem':
      return `problem  ${news.detail}`
    case 'draining':
      return `stopping: ${news.circuits} circuits, ${Math.ceil(news.ms / 1_000)} s left (signal again to leave now)`
    case 'stopped':
      return `stopped (${whyStopped(news.reason)})${news.cut > 0 ? `, ${news.cut} circuits cut` : ''}`
    case 'missed':
      return `missed   ${news.count} events: too many, or too many for this reader`
    default:
      return news satisfies never
  }
}

function whyStopped(reason: string): string {
  return reason === 'drain' ? 'asked to by `taleus relay drain`' : stopInWords(reason)
}

function partedText({ end, bytes, ms }: Extract<RelayNews, { type: 'parted' }>): string {
  return `${formatBytes(bytes)} in ${tookText(ms)}, ${circuitEndInWords(end)}`
}
