import type { JournalRow, TokenRow } from '../../memory/row-types.ts'
import type { Rows } from '../../memory/rows.ts'
import type { RowChange } from '../../memory/table.ts'
import {
  STORED_CHECKPOINTS,
  STORED_DECLINES,
  STORED_DENIALS,
  STORED_LOST_USES,
  STORED_NOTICES,
  STORED_REMOVALS,
  STORED_REQUESTS,
} from '../rows/duty-rows.ts'
import { ANSWER_COLUMNS, STORED_FREE_SLOTS, STORED_REDEMPTIONS } from '../rows/redemption-rows.ts'
import { JOURNAL_COLUMNS, type JournalEntryRow, STORED_SESSIONS } from '../rows/session-rows.ts'
import { changesOf, listed, type SetStatement, textColumn, toJson } from '../rows/stored-table.ts'
import { STORED_ATTEMPTS, tallyChanges } from '../rows/tally-rows.ts'
import { type PastTermsRow, STORED_PAST_TERMS, STORED_TOKENS } from '../rows/token-rows.ts'

const ID = [textColumn<string>('id', (id) => id)]

/** Fails the transaction if somebody has kept a tally of such an id: a new use must not be promised that one. */
const TAKEN = 'SELECT refuse_taken_tallies($1::json)'

const KEEP_ANSWERS = `
  INSERT INTO answers AS a (redemption, response, receipt)
  SELECT r.seq, v.response, v.receipt FROM ${listed(ANSWER_COLUMNS)}
  JOIN redemptions r ON r.id = v.id
  ON CONFLICT (redemption) DO UPDATE
    SET response = coalesce(excluded.response, a.response), receipt = excluded.receipt`

const DROP_ANSWERS = `
  DELETE FROM answers a USING ${listed(ID)} JOIN redemptions r ON r.id = v.id
  WHERE a.redemption = r.seq`

const ADD_ENTRIES = `
  INSERT INTO journal (session, seq, origin, target, event, at, ms)
  SELECT s.seq, v.seq, v.origin, v.target, v.event, v.at, v.ms FROM ${listed(JOURNAL_COLUMNS)}
  JOIN sessions s ON s.id = v.id`

const DROP_JOURNALS = `
  DELETE FROM journal j USING ${listed(ID)} JOIN sessions s ON s.id = v.id WHERE j.session = s.seq`

const DROP_DOCUMENTS = `DELETE FROM tally_chunks c USING ${listed(ID)} WHERE c.tally_id = v.id`

const DROP_PAST_TERMS = `DELETE FROM past_terms p USING ${listed(ID)} WHERE p.token_id = v.id`

const TIME_COLUMNS = [textColumn<number>('value', String)]

const RAISE_TIME = `
  INSERT INTO meta AS m (name, value) SELECT 'highest_time', v.value FROM ${listed(TIME_COLUMNS)}
  ON CONFLICT (name) DO UPDATE SET value = excluded.value
  WHERE m.value::bigint < excluded.value::bigint`

/** Returns the statements that write what a batch has changed, in an order in which each finds what it refers to. */
export function saveStatements(rows: Rows): readonly SetStatement[] {
  return [
    ...ofTokens(rows.tokens.changed()),
    ...ofRedemptions(rows),
    ...changesOf(STORED_FREE_SLOTS, rows.freeSlots.changed()),
    ...changesOf(STORED_DECLINES, rows.declines.changed()),
    ...changesOf(STORED_DENIALS, rows.denials.changed()),
    ...changesOf(STORED_REQUESTS, rows.requests.changed()),
    ...changesOf(STORED_ATTEMPTS, rows.attempts.changed()),
    ...about(
      DROP_DOCUMENTS,
      ID,
      gone(rows.documents.changed(), ({ tallyId }) => tallyId),
    ),
    ...tallyChanges(rows.tallies.changed()),
    ...changesOf(STORED_REMOVALS, rows.removals.changed()),
    ...changesOf(STORED_NOTICES, rows.notices.changed()),
    ...changesOf(STORED_LOST_USES, rows.lostUses.changed()),
    ...changesOf(STORED_CHECKPOINTS, rows.witnessed.changed()),
    ...ofSessions(rows),
    ...about(RAISE_TIME, TIME_COLUMNS, rows.highestTime.value > 0 ? [rows.highestTime.value] : []),
  ]
}

/** Returns the ids of tallies that new uses are promised, and that nobody has kept as far as the batch knows. */
export function promisedTallies({ redemptions }: Rows): readonly string[] {
  return redemptions
    .changed()
    .flatMap(({ before, after }) => (before === undefined && after ? [after.tallyId] : []))
}

function about<Kept>(
  sql: string,
  columns: Parameters<typeof toJson<Kept>>[0],
  rows: readonly Kept[],
): readonly SetStatement[] {
  return rows.length === 0 ? [] : [{ sql, rows: toJson(columns, rows) }]
}

function gone<Kept>(
  changes: readonly RowChange<Kept>[],
  idOf: (row: Kept) => string,
): readonly string[] {
  return changes.flatMap(({ before, after }) =>
    before !== undefined && after === undefined ? [idOf(before)] : [],
  )
}

function ofTokens(changes: readonly RowChange<TokenRow>[]): readonly SetStatement[] {
  const forgotten = changes.flatMap(({ before, after }) =>
    after?.forgottenAt !== undefined && before?.forgottenAt === undefined ? [after.id] : [],
  )
  return [
    ...changesOf(STORED_TOKENS, changes),
    ...about(DROP_PAST_TERMS, ID, forgotten),
    ...changesOf(STORED_PAST_TERMS, changes.flatMap(newPastTerms)),
  ]
}

function newPastTerms({ before, after }: RowChange<TokenRow>): RowChange<PastTermsRow>[] {
  if (after === undefined) return []
  return Object.entries(after.pastTerms)
    .filter(([revision]) => before?.pastTerms[Number(revision)] === undefined)
    .map(([revision, offered]) => ({
      before: undefined,
      after: { tokenId: after.id, revision: Number(revision), ...offered },
    }))
}

function ofRedemptions(rows: Rows): readonly SetStatement[] {
  const promised = promisedTallies(rows)
  const answers = rows.answers.changed()
  return [
    ...(promised.length === 0 ? [] : [{ sql: TAKEN, rows: JSON.stringify(promised) }]),
    ...changesOf(STORED_REDEMPTIONS, rows.redemptions.changed()),
    ...about(
      DROP_ANSWERS,
      ID,
      gone(answers, ({ redemptionId }) => redemptionId),
    ),
    ...about(
      KEEP_ANSWERS,
      ANSWER_COLUMNS,
      answers.flatMap(({ after }) => after ?? []),
    ),
  ]
}

function ofSessions({ journals, sessions }: Rows): readonly SetStatement[] {
  const changes = journals.changed()
  const ended = gone(changes, ({ sessionId }) => sessionId)
  const stored = sessions.changed()
  const deleted = stored.filter(({ after }) => after === undefined)
  return [
    ...changesOf(
      STORED_SESSIONS,
      stored.filter(({ after }) => after !== undefined),
    ),
    ...about(ADD_ENTRIES, JOURNAL_COLUMNS, changes.flatMap(newEntries)),
    ...about(DROP_JOURNALS, ID, ended),
    ...changesOf(STORED_SESSIONS, deleted),
  ]
}

function newEntries({ before, after }: RowChange<JournalRow>): readonly JournalEntryRow[] {
  if (after === undefined) return []
  const { sessionId, entries } = after
  const last = before?.entries.at(-1)?.seq ?? 0
  return entries.filter(({ seq }) => seq > last).map((entry) => ({ ...entry, sessionId }))
}
