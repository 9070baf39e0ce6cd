/**
 * A store in a process of its own, which runs sessions on it: `store-process.ts OPTIONS`, as JSON. Greets its parent when
 * it is open.
 */
import { parsePostgresUrl } from '../../src/protocol/database/postgres-url.ts'
import { openStoreDatabase } from '../../src/store/postgres/open-store-database.ts'
import { PostgresSessionStore } from '../../src/store/postgres/postgres-session-store.ts'
import type { RecordStore } from '../../src/store/query/record-store.ts'
import { tokenRecords } from '../../src/store/records/token-records.ts'
import { openStore } from '../../src/store/transaction/store.ts'
import { tokenToIssue } from '../../test/store/fixtures.ts'
import type { Load } from '../load/load.ts'
import { runLoad } from '../load/run-load.ts'
import { serve } from '../process/child.ts'
import { processUsage } from '../process/usage.ts'
import { type SessionsStore, stockSession } from '../store/stock-session.ts'
import { countSessions } from './session-counts.ts'
import { BENCH_TOKEN, type StoreOptions } from './store-options.ts'

/** A store of one engine or the other. */
interface Opened {
  readonly sessions: SessionsStore
  readonly records: Pick<RecordStore, 'query' | 'transact'>
  commits(): number
  close(): Promise<void>
}

const options: StoreOptions = JSON.parse(process.argv[2] ?? '')
const { records, sessions, commits, close } = await opened()
if (options.isFirst)
  await records.transact(() => tokenRecords.issue(tokenToIssue(BENCH_TOKEN, null)))

async function opened(): Promise<Opened> {
  if (options.engine === 'sqlite') {
    const store = openStore(options.path)
    const close = async (): Promise<void> => store.close()
    return { sessions: store, records: store, commits: () => store.commits, close }
  }
  const { url, peerId } = options
  const address = parsePostgresUrl(url)
  const password = (): string | undefined => process.env['PGPASSWORD']
  const database = await openStoreDatabase({ address, password, party: 'bench', peerId })
  const store = new PostgresSessionStore(database)
  const { records } = database
  const sessions: SessionsStore = {
    submit: (work, urgency) => store.submit(work, urgency),
    query: (question) => records.query(question),
  }
  const close = async (): Promise<void> => {
    await store.settle()
    await database.close()
  }
  return { sessions, records, commits: () => store.commits, close }
}

async function act() {
  await stockSession(sessions, BENCH_TOKEN)
  return { rest: Promise.resolve() }
}

type Question = Load | { readonly ask: 'usage' | 'counts'; readonly collect: boolean }

serve(
  'ready',
  async (question: Question) => {
    if (!('ask' in question)) return { ...(await runLoad(question, act)), held: 0 }
    if (question.ask === 'usage') return processUsage(question.collect, commits())
    return records.query(countSessions)
  },
  close,
)
