import { parsePostgresUrl } from '../../../src/protocol/database/postgres-url.ts'
import { SYSTEM_CLOCK } from '../../../src/session/clock/system-clock.ts'
import type { SessionSummary } from '../../../src/session/ports/session-summary.ts'
import { answered, written } from '../../../src/session/ports/written.ts'
import { recoverSessions } from '../../../src/session/recovery/recover-sessions.ts'
import { NodeMemory } from '../../../src/store/directory/node-memory.ts'
import { openStoreDatabase } from '../../../src/store/postgres/open-store-database.ts'
import { PostgresSessionStore } from '../../../src/store/postgres/postgres-session-store.ts'
import { claimOf, commitOf, grantOf, requestOf, summaryOf } from '../../store/fixtures.ts'

// A node that gives uses of a standing invitation away as fast as it can, and says of each when it is durable. It ends in
// good order on SIGTERM, and with code 10 when it is superseded.

const AT_ONCE = 3

const [, , url = '', peerId = '', path = '', leaseMs = ''] = process.argv

/** Tells the one who started it. To a pipe this is written before it returns. */
function say(what: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(what)}\n`)
}

function leave(error: unknown): void {
  say({ failed: error instanceof Error && 'code' in error ? error.code : String(error) })
  process.exit(10)
}

const database = await openStoreDatabase({
  address: parsePostgresUrl(url),
  password: () => process.env['PGPASSWORD'],
  party: 'party',
  peerId,
})
const store = new PostgresSessionStore(database)
const lease = database.lease({ leaseMs: Number(leaseMs), memory: new NodeMemory({ path }) })
await lease.take()
lease.watch({
  away: () => say({ away: true }),
  back: () => say({ back: true }),
  lost: leave,
  tookOver: (node) => say({ tookOver: node }),
  leftBehind: async () => {
    const closed = await recoverSessions({ store, clock: SYSTEM_CLOCK }, 'listener')
    say({ closed: closed.length })
  },
})
let isOver = false
process.on('SIGTERM', () => {
  isOver = true
})
say({ ready: true })
const grant = grantOf('any', null)

/** One session: opened, given a use, over. */
async function serve(peer: string): Promise<void> {
  const request = requestOf(grant, peer)
  const { sessionId } = request
  const begun: SessionSummary = summaryOf(sessionId, { state: 'CREATED', peerId: peer })
  await written(store, [{ op: 'saveSession', summary: begun, isNew: true, entries: [] }])
  const facts = { sessionId, peerId: peer, at: request.now, monotonic: 1 }
  const claim = claimOf(await answered(store, 'reserve', { op: 'reserve', request, facts }))
  const ended: SessionSummary = { ...begun, state: 'COMPLETED', endedAt: request.now }
  await written(store, [
    { ...commitOf(claim, grant), facts },
    { op: 'saveSession', summary: ended, isNew: false, entries: [] },
  ])
  say({ given: claim.redemptionId })
}

async function serveAll(line: number): Promise<void> {
  for (let nth = 0; !isOver; nth += 1) await serve(`${peerId}/${process.pid}/${line}/${nth}`)
}

try {
  await Promise.all(Array.from({ length: AT_ONCE }, (_, line) => serveAll(line)))
  await lease.giveBack()
  await database.close()
} catch (error) {
  leave(error)
}
