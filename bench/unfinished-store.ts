/**
 * A listener that is killed with many redemptions under way: `node bench/unfinished-store.ts DIRECTORY COUNT`.
 * A third of them wait for the inviter's database, a third for the invitee's, a third for an acknowledgment. Ends by
 * SIGKILL, once all of it is durable.
 */
import { randomBytes } from 'node:crypto'
import { createFileHooks } from '../src/hooks/file/create-file-hooks.ts'
import type { SessionHooks } from '../src/hooks/session-hooks.ts'
import { generatePrivateKeyBytes, peerIdOfKeyBytes } from '../src/network/identity/key-bytes.ts'
import { peerIdOfPublicKey } from '../src/protocol/base/peer-id-text.ts'
import type { Role } from '../src/protocol/base/role.ts'
import { SECRET_BYTES, secretHashOf, secretToText, tokenIdOf } from '../src/protocol/link/secret.ts'
import { encodeMessage } from '../src/protocol/message/message-codec.ts'
import { SessionManager } from '../src/session/manager/session-manager.ts'
import type { Transport, TransportListener } from '../src/session/ports/transport.ts'
import { openDataDirectory } from '../src/store/directory/data-directory.ts'
import { ensureKey } from '../src/store/directory/key-file.ts'
import { openMarkedStore } from '../src/store/transaction/open-marked-store.ts'
import type { Store } from '../src/store/transaction/store.ts'

const HOUR_MS = 3_600_000

/** How many are begun at once. */
const BATCH = 200

/** A peer that sends one frame and nothing more, and reads nothing. */
class OneFrame implements Transport {
  readonly remotePeer = peerIdOfPublicKey(Uint8Array.from(randomBytes(32)))
  readonly remoteAddress = '/ip4/127.0.0.1/tcp/1'
  readonly bytesIn = 0
  readonly bytesOut = 0
  readonly #secret: string
  readonly #role: Role

  constructor(secret: string, role: Role) {
    this.#secret = secret
    this.#role = role
  }

  listen(listener: TransportListener): void {
    const contact = encodeMessage({
      type: 'InboundContact',
      bootstrapId: randomBytes(13).toString('hex'),
      secret: this.#secret,
      partyId: this.remotePeer,
      role: this.#role,
      identity: { name: 'Bob' },
      cadre: [],
    })
    queueMicrotask(() => listener.frame(contact))
  }

  async send(): Promise<void> {}
  pause(): void {}
  resume(): void {}
  close(): Promise<void> {
    return new Promise(() => {})
  }
  reset(): void {}
}

async function issue(store: Store, role: Role, label: string): Promise<string> {
  const secret = Uint8Array.from(randomBytes(SECRET_BYTES))
  const issuedAt = Date.now()
  await store.write(({ tokens }) =>
    tokens.issue({
      id: tokenIdOf(secret),
      secretHash: secretHashOf(secret),
      role,
      label,
      uses: null,
      issuedAt,
      expiresAt: issuedAt + HOUR_MS,
      required: [],
      optional: [],
      terms: null,
    }),
  )
  return secretToText(secret)
}

const [path = '', count = '0'] = process.argv.slice(2)
const directory = openDataDirectory(path)
const key = ensureKey(directory, generatePrivateKeyBytes)
const store = await openMarkedStore(directory)
const own = createFileHooks({ store, eventFile: '/dev/null' })
/** Every other one is never built. */
let built = 0
const hooks: SessionHooks = {
  ...own,
  database: {
    provision: (...all) => {
      built += 1
      return built % 2 === 0 ? own.database.provision(...all) : new Promise(() => {})
    },
  },
  audit: { logSession: () => {} },
}
const config = {
  maxConcurrentSessions: 1_000_000,
  maxSessionsPerPeer: 1_000_000,
  rateLimitPerPeer: 1_000_000,
  rateLimitTotal: 100_000_000,
  sessionTimeoutMs: HOUR_MS,
  stepTimeoutMs: HOUR_MS,
  provisionTimeoutMs: HOUR_MS,
}
const peerId = peerIdOfKeyBytes(key)
const manager = new SessionManager(hooks, config, {
  store,
  party: () => ({ peerId, identity: { name: 'Alice' }, cadre: [] }),
})
const invitations = [
  { role: 'stock', secret: await issue(store, 'stock', 'one') },
  { role: 'foil', secret: await issue(store, 'foil', 'two') },
  { role: 'stock', secret: await issue(store, 'stock', 'three') },
] as const

const wanted = Number(count)
const unfinished = (): number =>
  store.read(({ redemptions }) => redemptions.unfinished(wanted + 1).length)
const idle = () => new Promise((resolve) => setTimeout(resolve, 5))
for (let begun = 0; begun < wanted; begun += BATCH) {
  for (let index = begun; index < Math.min(wanted, begun + BATCH); index += 1) {
    const { secret, role } = invitations[index % 3] ?? invitations[0]
    manager.accept(new OneFrame(secret, role))
  }
  while (unfinished() < Math.min(wanted, begun + BATCH)) await idle()
}
/** Of the open sessions none is still on its way to where it waits. */
function arrived(): boolean {
  const stock = wanted - Math.floor((wanted + 1) / 3)
  const open = store.read(({ sessions }) => sessions.open('listener', Date.now(), wanted))
  const waits = open.filter(({ state }) => state === 'PROVISIONING_DB' || state === 'AWAITING_ACK')
  return waits.length === open.length && open.length === wanted - Math.floor(stock / 2)
}
while (!arrived()) await idle()
// Whatever is still on its way to the disk.
for (let seen = -1; seen !== store.commits; await idle()) seen = store.commits
process.kill(process.pid, 'SIGKILL')
