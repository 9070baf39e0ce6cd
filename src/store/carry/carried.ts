import type { PostgresAddress } from '../../protocol/database/postgres-url.ts'
import type { PasswordPlaces } from '../postgres/connection/server-password.ts'
import type { StoreOpener } from '../query/party-store.ts'
import type { AuditStore } from '../query/record-store.ts'
import { CARRIED_TABLES, type CarriedTable } from './carried-tables.ts'
import { CarriedDifferentlyError } from './errors.ts'
import type { TableContent } from './table-digest.ts'

/** A store that is carried over, by whom, and how it is verified. */
export interface CarryOrder extends StoreOpener, PasswordPlaces {
  /** The server's side. */
  readonly address: PostgresAddress
  /** Told each table when it has arrived. @default nobody */
  onTable?(table: CarriedTable, rows: number): void
  /** Looks at what has arrived, before it is used. What it throws ends the carry-over, and the source is used as before. */
  verify(arrived: AuditStore): Promise<void>
}

/** A store that has arrived. */
export interface CarriedStore {
  /** The place of the source and of the target, to people. */
  readonly from: string
  readonly to: string
  /** Rows by table. */
  readonly rows: Readonly<Record<CarriedTable, number>>
  /** The last record of the audit. */
  readonly head: { readonly seq: number; readonly hash: string }
}

/** Has each table carried, one after the other. @param carry returns what was sent and what has arrived */
export async function eachTable(
  { onTable }: Pick<CarryOrder, 'onTable'>,
  carry: (table: CarriedTable) => Promise<readonly [TableContent, TableContent]>,
): Promise<CarriedStore['rows']> {
  const rows: Partial<Record<CarriedTable, number>> = {}
  for (const table of CARRIED_TABLES) {
    const [sent, arrived] = await carry(table)
    if (sent.rows !== arrived.rows || sent.digest !== arrived.digest) {
      throw new CarriedDifferentlyError(table, sent.rows, arrived.rows)
    }
    rows[table] = arrived.rows
    onTable?.(table, arrived.rows)
  }
  return rows as CarriedStore['rows']
}
