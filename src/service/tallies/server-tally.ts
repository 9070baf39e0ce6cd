import type { AskServer } from '../../hooks/postgres/admin-database.ts'
import { canonicalJson } from '../../protocol/json/canonical-json.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import { appendAudit } from '../../store/query/query.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import { DraftOverwrittenError, TallyValueError } from '../../tally/errors.ts'
import type { TallyEdit } from '../../tally/tally-edit.ts'
import { NoCredentialError } from '../errors.ts'
import { type Operator, operatorRecord } from '../record/operator.ts'
import type { TallyRecord } from './read-tally.ts'
import { tallyAccess } from './tally-access.ts'

/** The key under which the draft stands in a document. */
const DRAFT_KEY = 'draft'

/** How long a command waits for the server, ms. */
const PATIENCE_MS = 10_000

/** Bytes of a value on the server, as its table bounds it. */
const MAX_VALUE_BYTES = 8_192

/**
 * Reads a tally that lives on a server, as this side: the draft, and the last value of each key, whoever wrote it.
 * @throws NoCredentialError, DatabaseUnreachableError, DatabaseSetupError, StoreError
 */
export async function readServerTally(store: RecordStore, tally: TallyRecord): Promise<JsonValue> {
  const { readEntries } = await import('../../hooks/postgres/tally-entries.ts')
  const entries = await asSelf(store, tally, readEntries)
  const values = entries
    .filter(({ key }) => key !== DRAFT_KEY)
    .map(({ key, value }) => [key, parsed(value)])
  const document = { ...Object.fromEntries(values), draft: JSON.parse(tally.built.draft.text) }
  return JSON.parse(canonicalJson(document))
}

/**
 * Sets one key of a tally that lives on a server: both sides have it when this resolves.
 * @throws DraftOverwrittenError, TallyValueError, NoCredentialError, DatabaseUnreachableError, DatabaseSetupError, StoreError
 */
export async function editServerTally(
  store: RecordStore,
  tally: TallyRecord,
  { key, value }: Pick<TallyEdit, 'key' | 'value'>,
  operator?: Operator,
): Promise<void> {
  if (key === DRAFT_KEY) throw new DraftOverwrittenError()
  const text = canonicalJson(value)
  if (Buffer.byteLength(text) > MAX_VALUE_BYTES || /\0/.test(key + text))
    throw new TallyValueError(`a value has at most ${MAX_VALUE_BYTES} bytes as JSON`)
  const { addEntry } = await import('../../hooks/postgres/tally-entries.ts')
  await asSelf(store, tally, (ask, schema) => addEntry(ask, schema, { key, value: text }))
  const { tallyId, redemptionId } = tally
  const record = operatorRecord('tally set', {}, { tallyId, key }, operator)
  await store.transact(() => appendAudit({ ...record, redemptionId }))
}

type Work<Result> = (ask: AskServer, schema: string) => Promise<Result>

async function asSelf<Result>(
  store: RecordStore,
  tally: TallyRecord,
  work: Work<Result>,
): Promise<Result> {
  const access = await tallyAccess(store, tally)
  if (access === undefined) throw new NoCredentialError(tally.tallyId)
  const { asParty } = await import('../../hooks/postgres/party-connection.ts')
  const { schema = '' } = access.address
  return await asParty(access, AbortSignal.timeout(PATIENCE_MS), (ask) => work(ask, schema))
}

/** A partner may write what is no JSON, or what JSON.parse takes and canonical JSON does not: that is shown as it is written. */
function parsed(text: string): JsonValue {
  try {
    return JSON.parse(canonicalJson(JSON.parse(text)))
  } catch {
    return text
  }
}
