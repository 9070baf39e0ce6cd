/**
 * Measures how fast a reaper is, P4: `node bench/store/reap.ts [things]`. A real file, a real fsync for every commit, the
 * file hooks; of each policy that works on the store so many things to reap, and as many to leave.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createFileHooks } from '../../src/hooks/file/create-file-hooks.ts'
import { reapDirectory } from '../../src/service/maintenance/reap-directory.ts'
import { currentOperator } from '../../src/service/record/operator.ts'
import { ForwardOnlyClock } from '../../src/session/clock/forward-only-clock.ts'
import { SYSTEM_CLOCK } from '../../src/session/clock/system-clock.ts'
import { openDataDirectory } from '../../src/store/directory/data-directory.ts'
import { openStore } from '../../src/store/transaction/store.ts'
import { issue } from '../../test/store/fixtures.ts'
import { Place } from '../process/place.ts'
import { runSessions } from './stock-session.ts'

const DEFAULT_THINGS = 5_000
const AT_ONCE = 100
/** 40 days, ms. */
const LONG_AGO = 3_456_000_000

/** Offers that nobody acknowledged, reservations past their deadline, unused tokens, documents of nobody. */
const AGED = `
  UPDATE redemptions SET delivery = 'offered', changed_at = changed_at - ${LONG_AGO} WHERE seq % 2 = 0;
  INSERT INTO redemptions (id, token_id, slot, peer_id, bootstrap_id, request_hash, session_id, fence,
    state, tally_id, approved_at, reserved_until, changed_at)
  SELECT 'r' || seq, token_id, slot + 1000000, peer_id, 'b' || seq, request_hash, session_id, fence,
    'provisioning', 't' || seq, approved_at, approved_at - ${LONG_AGO}, changed_at FROM redemptions;
  INSERT INTO tokens (id, role, uses, issued_at, expires_at, required, optional, terms)
  SELECT 'old' || seq, 'stock', 1, 1, 2, '[]', '[]', 'null' FROM redemptions;
  INSERT INTO tally_chunks (tally_id, chunk) SELECT 'd' || seq, x'00' FROM redemptions;`

const things = Number(process.argv[2] ?? DEFAULT_THINGS)
const SCRATCH = join(import.meta.dirname, '../../.tmp')
mkdirSync(SCRATCH, { recursive: true })
await Place.within(SCRATCH, async (place) => {
  const directory = openDataDirectory(place.directory)
  const store = openStore(directory.storeFile)
  await issue(store, 'token', null)
  await runSessions(store, 'token', 2 * things, AT_ONCE)
  const database = new DatabaseSync(directory.storeFile, { timeout: 5_000 })
  database.exec(AGED)
  database.close()
  const hooks = createFileHooks({ store, eventFile: join(directory.path, 'events.jsonl') })
  const clock = new ForwardOnlyClock(SYSTEM_CLOCK)
  const ports = { directory, store, clock, hooks: async () => hooks }
  const order = { filter: {}, dryRun: false, operator: currentOperator() }
  const rows: object[] = []
  for (const policy of ['expired', 'orphaned', 'offered'] as const) {
    const { policies } = await reapDirectory(ports, { ...order, policies: [policy] })
    for (const { examined, reaped, ms } of policies) {
      rows.push({ policy, examined, reaped, ms, perSecond: Math.round((reaped / ms) * 1_000) })
    }
  }
  console.table(rows)
  store.close()
})
