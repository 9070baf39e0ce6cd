import type { FeedEvent } from '../../service/feed/event-feed-event.ts'
import { beginningOf } from '../text/span.ts'
import { timeBeside } from '../text/time-words.ts'
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
  const passed = Array.isArray(path) ? path.slice(1).filter((name) => typeof name === 'string') : []
  // A session that ended as its request waits for a yes or no has not failed.
  const states = reason === 'pending' ? passed.slice(0, -1) : passed
  const fields = Object.entries(rest)
    .slice(0, MAX_FIELDS)
    .flatMap((field) => fieldText(field, at))
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

/** Only what is short is told; the trail has the whole. @param at the time of the record, which is on the line already */
function fieldText([name, value]: readonly [string, unknown], at: number): readonly string[] {
  if (typeof value === 'string') return value.length > 60 ? [] : [`${name}=${value}`]
  if (typeof value === 'boolean') return [`${name}=${value}`]
  if (typeof value !== 'number') return []
  const isMoment = MOMENT.test(name) && value >= FIRST_MOMENT && value <= LAST_MOMENT
  return [`${name}=${isMoment ? timeBeside(value, at) : value}`]
}
