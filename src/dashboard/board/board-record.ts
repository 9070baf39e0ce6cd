import type { FeedEvent } from '../../service/feed/event-feed-event.ts'
import { beginningOf } from '../text/span.ts'
import type { BoardRecord } from './board.ts'

type Record = Extract<FeedEvent, { type: 'audit' }>['record']

/** Fields of a record's data that are told on its one line. */
const MAX_FIELDS = 6

/** Writes a record of the trail on one line. */
export function boardRecord({ seq, at, severity, type, sessionId, data }: Record): BoardRecord {
  const { event, command, path, ...rest } = data
  const about = sessionId === undefined ? [] : [beginningOf(sessionId, 6)]
  const names = [event, command].filter((name) => typeof name === 'string')
  const way = Array.isArray(path) ? [path.slice(1).join(' > ')] : []
  const fields = Object.entries(rest).slice(0, MAX_FIELDS).flatMap(fieldText)
  return { seq, at, severity, type, text: [...names, ...about, ...way, ...fields].join(' ') }
}

/** Only what is short is told; the trail has the whole. */
function fieldText([name, value]: readonly [string, unknown]): readonly string[] {
  if (typeof value === 'string') return value.length > 60 ? [] : [`${name}=${value}`]
  return typeof value === 'number' || typeof value === 'boolean' ? [`${name}=${value}`] : []
}
