import { POSTGRES } from '../../hooks/postgres/tally-names.ts'
import {
  formatPostgresUrl,
  type PostgresAddress,
  parsePostgresUrl,
} from '../../protocol/database/postgres-url.ts'
import type { Store } from '../../store/transaction/store.ts'
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
export function tallyAccess(
  store: Pick<Store, 'read'>,
  { tallyId }: TallyRecord,
): TallyAccess | undefined {
  const kept = store.read(({ credentials }) => credentials.find(tallyId))
  if (kept === undefined) return undefined
  const { user, password, endpoint } = kept
  const address = parsePostgresUrl(endpoint)
  return { url: formatPostgresUrl({ ...address, user }), address, user, password }
}
