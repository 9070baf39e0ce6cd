import { compact } from '../../protocol/base/compact.ts'
import type {
  Exchange,
  JournalEntry,
  SessionSummary,
  StepTime,
} from '../../session/ports/session-summary.ts'
import type { SqlValue } from '../query/query.ts'
import {
  integer,
  json,
  optionalBlob,
  optionalInteger,
  optionalText,
  type Row,
  text,
} from '../row/row.ts'

/** A session's columns that are known at its beginning. */
export const FIRST_COLUMNS = ['side', 'peer_id', 'started_at'] as const

/** A session's columns that change as it goes on, or are known when it is over. */
export const LATER_COLUMNS = [
  'state',
  'reason',
  'step',
  'detail',
  'role',
  'token_id',
  'redemption_id',
  'tally_id',
  'fence',
  'retries',
  'remote_address',
  'ended_at',
  'duration_ms',
  'steps',
  'frames_in',
  'frames_out',
  'bytes_in',
  'bytes_out',
  'transcript',
  'protocol',
] as const

/** Returns the values of `FIRST_COLUMNS`. */
export function firstValues({ side, peerId, startedAt }: SessionSummary): SqlValue[] {
  return [side, peerId, startedAt]
}

/** Returns the values of `LATER_COLUMNS`. */
export function laterValues(summary: SessionSummary): SqlValue[] {
  const { exchange } = summary
  return [
    summary.state,
    summary.reason ?? null,
    summary.step ?? null,
    summary.detail ?? null,
    summary.role ?? null,
    summary.tokenId ?? null,
    summary.redemptionId ?? null,
    summary.tallyId ?? null,
    summary.fence ?? null,
    summary.retries ?? 0,
    summary.remoteAddress ?? null,
    summary.endedAt ?? null,
    summary.durationMs ?? null,
    summary.steps === undefined ? null : stepsText(summary.steps),
    exchange?.framesIn ?? null,
    exchange?.framesOut ?? null,
    exchange?.bytesIn ?? null,
    exchange?.bytesOut ?? null,
    exchange === undefined ? null : Buffer.from(exchange.digest, 'hex'),
    summary.protocol ?? null,
  ]
}

/** @throws RowInvalidError */
export function toSummary(row: Row): SessionSummary {
  const side = text(row, 'side')
  const role = optionalText(row, 'role')
  return compact({
    id: text(row, 'id'),
    side: side === 'dialer' ? ('dialer' as const) : ('listener' as const),
    state: text(row, 'state'),
    reason: optionalText(row, 'reason'),
    step: optionalText(row, 'step'),
    detail: optionalText(row, 'detail'),
    peerId: text(row, 'peer_id'),
    role: role === 'stock' || role === 'foil' ? role : undefined,
    tokenId: optionalText(row, 'token_id'),
    redemptionId: optionalText(row, 'redemption_id'),
    tallyId: optionalText(row, 'tally_id'),
    fence: optionalInteger(row, 'fence'),
    retries: integer(row, 'retries') || undefined,
    remoteAddress: optionalText(row, 'remote_address'),
    protocol: row['protocol'] === '1.0.0' ? ('1.0.0' as const) : undefined,
    startedAt: integer(row, 'started_at'),
    endedAt: optionalInteger(row, 'ended_at'),
    durationMs: optionalInteger(row, 'duration_ms'),
    steps: row['steps'] === null ? undefined : stepsOf(row),
    exchange: exchangeOf(row),
  })
}

/** Finds the journal of a session. */
export const ENTRIES = `
  SELECT * FROM journal WHERE session = (SELECT seq FROM sessions WHERE id = ?1) ORDER BY seq`

/** @throws RowInvalidError */
export function toEntry(row: Row): JournalEntry {
  return {
    seq: integer(row, 'seq'),
    from: text(row, 'origin'),
    to: text(row, 'target'),
    event: text(row, 'event'),
    at: integer(row, 'at'),
    ms: integer(row, 'ms'),
  }
}

/** Writes the steps as an object, in their order: a session visits no state twice. */
function stepsText(steps: readonly StepTime[]): string {
  return JSON.stringify(Object.fromEntries(steps.map(({ state, ms }) => [state, ms])))
}

function stepsOf(row: Row): readonly StepTime[] {
  return Object.entries(json(row, 'steps') ?? {}).map(([state, ms]) => ({ state, ms: Number(ms) }))
}

function exchangeOf(row: Row): Exchange | undefined {
  const digest = optionalBlob(row, 'transcript')
  if (digest === undefined) return undefined
  return {
    framesIn: integer(row, 'frames_in'),
    framesOut: integer(row, 'frames_out'),
    bytesIn: integer(row, 'bytes_in'),
    bytesOut: integer(row, 'bytes_out'),
    digest: Buffer.from(digest).toString('hex'),
  }
}
