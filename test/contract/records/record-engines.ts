import type { RecordStore } from '../../../src/store/query/record-store.ts'
import { openMemoryStore } from '../../../src/store/transaction/store.ts'
import { sharedPostgres } from '../../support/postgres/embedded-postgres.ts'
import { canRunPostgres } from '../../support/postgres/postgres-binaries.ts'
import { storeSchema } from '../../support/postgres/store-database.ts'

/** An engine of `RecordStore`. */
export interface RecordEngine {
  readonly name: string
  readonly canRun: boolean
  /** A store of its own, with nothing in it. */
  open(): Promise<OpenRecords>
}

export interface OpenRecords {
  readonly records: RecordStore
  close(): Promise<void> | void
}

/** Each engine. Where one can't run, its tests are skipped, and counted as skipped. */
export const RECORD_ENGINES: readonly RecordEngine[] = [
  {
    name: 'SQLite',
    canRun: true,
    open: async () => {
      const store = openMemoryStore()
      return { records: store, close: () => store.close() }
    },
  },
  {
    name: 'PostgreSQL',
    canRun: canRunPostgres(),
    open: async () => {
      const schema = storeSchema(await sharedPostgres())
      const { records } = await schema.open()
      return { records, close: () => schema.dispose() }
    },
  },
]
