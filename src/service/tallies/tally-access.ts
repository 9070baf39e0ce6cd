import { POSTGRES } from '../../hooks/postgres/tally-names.ts'
import {
  formatPostgresUrl,
  type PostgresAddress,
  parsePostgresUrl,
} from '../../protocol/database/postgres-url.ts'
import { databaseCredentialRecords } from '../../store/databases/database-credential-records.ts'
import type { RecordStore } from '../../store/query/record-store.ts'
import type { TallyRecord } from './read-tally.ts'

/** This side's way into the database of a tally that lives on a server. */
export interface TallyAccess {
  /** Without the password, as psql takes it. */
  readonly url: string
  readonly address: PostgresAddress
  readonly user: string
  readonly password: string
}

export function livesInPostgres({ built }: Pick<TallyRecord, 'built'>): boolean {
  return built.database.engine === POSTGRES
}

/** Finds this side's own credential for a tally; undefined if it is not kept here. @throws StoreError */
export async function tallyAccess(
  store: Pick<RecordStore, 'query'>,
  { tallyId }: TallyRecord,
): Promise<TallyAccess | undefined> {
  const kept = await store.query(() => databaseCredentialRecords.find(tallyId))
  if (kept === undefined) return undefined
  const { user, password, endpoint } = kept
  const address = parsePostgresUrl(endpoint)
  return { url: formatPostgresUrl({ ...address, user }), address, user, password }
}
