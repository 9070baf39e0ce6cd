import type { FeedEvent } from '../../service/feed/event-feed-event.ts'
import { beginningOf } from '../text/span.ts'
import { clockTime } from '../text/time-words.ts'
import type { BoardRecord } from './board.ts'

type Record = Extract<FeedEvent, { type: 'audit' }>['record']

/** Fields of a record's data that are told on its one line. */
const MAX_FIELDS = 6
/** Names of fields that hold milliseconds since the epoch, if the number is of the years 2001 to 9999. */
const MOMENT = /(?:At|^until)$/
const [FIRST_MOMENT, LAST_MOMENT] = [1_000_000_000_000, 253_402_300_799_999]

/** Takes out of a record of the trail what is told on its one line. */
export function boardRecord({ seq, at, severity, type, sessionId, data }: Record): BoardRecord {
  const { event, command, path, reason, ...rest } = data
  const about = sessionId === undefined ? [] : [beginningOf(sessionId, 6)]
  const names = [event, command].filter((name) => typeof name === 'string')
  const states = Array.isArray(path) ? path.slice(1).filter((name) => typeof name === 'string') : []
  const fields = Object.entries(rest).slice(0, MAX_FIELDS).flatMap(fieldText)
  return {
    seq,
    at,
    severity,
    type,
    about: [...names, ...about].join(' '),
    states,
    reason: typeof reason === 'string' ? reason : undefined,
    fields: fields.join(' '),
  }
}

/** Only what is short is told; the trail has the whole. */
function fieldText([name, value]: readonly [string, unknown]): readonly string[] {
  if (typeof value === 'string') return value.length > 60 ? [] : [`${name}=${value}`]
  if (typeof value === 'boolean') return [`${name}=${value}`]
  if (typeof value !== 'number') return []
  const isMoment = MOMENT.test(name) && value >= FIRST_MOMENT && value <= LAST_MOMENT
  return [`${name}=${isMoment ? clockTime(value) : value}`]
}
