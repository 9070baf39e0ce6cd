/**
 * A listener that is killed with many redemptions under way: `node bench/store/unfinished-store.ts DIRECTORY COUNT`.
 * A third of them wait for the inviter's database, a third for the invitee's, a third for an acknowledgment. Ends by
 * SIGKILL, once all of it is durable.
 */

import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { openContext } from '../../src/cli/context.ts'
import { createFileHooks } from '../../src/hooks/file/create-file-hooks.ts'
import { peerIdOfPublicKey } from '../../src/protocol/base/peer-id-text.ts'
import { SYSTEM_CLOCK } from '../../src/session/clock/system-clock.ts'
import { SessionCore } from '../../src/session/manager/session-core.ts'
import { selectAll } from '../../src/store/query/query.ts'
import { redemptionRecords } from '../../src/store/records/redemption-records.ts'
import { memoryTransportPair } from '../../test/support/memory-transport.ts'
import { mintStanding } from '../listener/invitations.ts'
import { LightInvitee } from '../listener/light-invitee.ts'

const HOUR_MS = 3_600_000
const OPEN = `SELECT state FROM sessions WHERE side = 'listener' AND ended_at IS NULL`
/** Begun at once. */
const BATCH = 200

const [path = '', count = '0'] = process.argv.slice(2)
const wanted = Number(count)
const context = openContext({ dataDirectory: path, settingsDirectory: path }, () => undefined)
const store = await context.store()
const peerId = await context.peerId()
const own = createFileHooks({ store, eventFile: '/dev/null' })
let built = 0
const manager = new SessionCore(
  {
    ...own,
    database: {
      // Every other one is never built.
      provision: (...all) => {
        built += 1
        return built % 2 === 0 ? own.database.provision(...all) : new Promise(() => {})
      },
    },
    audit: { logSession: () => {} },
  },
  {
    maxConcurrentSessions: 1_000_000,
    maxSessionsPerPeer: 1_000_000,
    rateLimitPerPeer: 1_000_000,
    rateLimitTotal: 100_000_000,
    sessionTimeoutMs: HOUR_MS,
    stepTimeoutMs: HOUR_MS,
    provisionTimeoutMs: HOUR_MS,
  },
  { store, party: () => ({ peerId, identity: { name: 'Alice' }, cadre: [] }) },
)
const invitees: LightInvitee[] = []
for (const role of ['stock', 'foil', 'stock'] as const) {
  const inviter = { peerId, addresses: ['/ip4/127.0.0.1/tcp/1'] }
  invitees.push(new LightInvitee(await mintStanding(store, inviter, role), { name: 'Bob' }))
}

/** A peer that sends one frame and nothing more, and reads nothing. */
function come(invitee: LightInvitee | undefined): void {
  const peer = peerIdOfPublicKey(Uint8Array.from(randomBytes(32)))
  const { dialer, listener } = memoryTransportPair(peer, peerId, SYSTEM_CLOCK)
  if (invitee !== undefined) void dialer.send(invitee.contact(peer))
  manager.accept(listener)
}

/** True if none of the open sessions is still on its way to where it waits. */
async function arrived(): Promise<boolean> {
  const stock = wanted - Math.floor((wanted + 1) / 3)
  const open = await store.query(() => selectAll(OPEN))
  const waits = open.filter(({ state }) => state === 'PROVISIONING_DB' || state === 'AWAITING_ACK')
  return waits.length === open.length && open.length === wanted - Math.floor(stock / 2)
}

const unfinished = async () =>
  (await store.query(() => redemptionRecords.unfinished(wanted + 1))).length
for (let begun = 0; begun < wanted; begun += BATCH) {
  const end = Math.min(wanted, begun + BATCH)
  for (let index = begun; index < end; index += 1) come(invitees[index % 3])
  while ((await unfinished()) < end) await sleep(5)
}
while (!(await arrived())) await sleep(5)
// Some of it is still on its way to the disk.
for (let seen = -1; seen !== store.commits; await sleep(5)) seen = store.commits
process.kill(process.pid, 'SIGKILL')
