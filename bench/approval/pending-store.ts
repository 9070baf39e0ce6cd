/**
 * A store in which many requests wait for the inviter's yes or no: `node bench/approval/pending-store.ts DIRECTORY COUNT`. With
 * no requests the invitations are there all the same.
 */
import { randomBytes } from 'node:crypto'
import { openContext } from '../../src/cli/context.ts'
import { peerIdOfPublicKey } from '../../src/protocol/base/peer-id-text.ts'
import { issueInvitation } from '../../src/service/invitations/issue-invitation.ts'
import { RANDOM_IDS } from '../../src/session/clock/random-ids.ts'
import { MAX_REQUESTS_PER_TOKEN } from '../../src/session/ports/uses/pending-request.ts'
import { written } from '../../src/session/ports/written.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Kept in one commit. */
const BATCH = 200
const INVITATIONS = 10

const [path = '', count = '0'] = process.argv.slice(2)
const wanted = Number(count)
if (!(wanted <= INVITATIONS * MAX_REQUESTS_PER_TOKEN)) throw new RangeError(`too many: ${count}`)
const context = openContext({ dataDirectory: path, settingsDirectory: path }, () => undefined)
const store = await context.store()
const inviter = await context.peerId()
const shown = { role: 'stock', uses: null, required: ['name'], optional: [], terms: null } as const
const tokens: string[] = []
for (let made = 0; made < INVITATIONS; made += 1) {
  const place = { peerId: inviter, addresses: ['/ip4/127.0.0.1/tcp/1'] }
  const options = { ...place, expiresAt: Date.now() + DAY_MS }
  const { token } = await issueInvitation(store, { ...shown, byHand: true }, options)
  tokens.push(token.id)
}

/** A write that keeps the nth request, of a peer of its own, as a session makes it. */
function keep(n: number) {
  const tokenId = tokens[n % INVITATIONS] ?? ''
  const peerId = peerIdOfPublicKey(Uint8Array.from(randomBytes(32)))
  const [sessionId, now] = [RANDOM_IDS.session(), Date.now()]
  const { uses: usesAllowed, ...terms } = shown
  const grant = { ...terms, tokenId, usesAllowed, expiresAt: now + DAY_MS, byHand: true } as const
  const request = {
    ...{ sessionId, redemptionId: RANDOM_IDS.redemption(), inviter, peerId, grant, now },
    bootstrapId: RANDOM_IDS.redemption(),
    requestHash: randomBytes(32).toString('hex'),
    another: false,
    reservedUntil: now + HOUR_MS,
    running: new Set<string>(),
    identity: { name: `Somebody ${n}` },
    cadre: [],
    remoteAddress: '/ip4/192.0.2.1/tcp/40000',
    until: now + 7 * DAY_MS,
  }
  const facts = { sessionId, peerId, at: now, monotonic: performance.now() }
  return { op: 'keepRequest', request, facts } as const
}

for (let begun = 0; begun < wanted; begun += BATCH) {
  const batch = Array.from({ length: Math.min(BATCH, wanted - begun) }, (_, n) => keep(begun + n))
  await written(store, batch)
}
const waiting = await store.lookups.requests.countWaiting()
if (waiting !== wanted) throw new Error(`${waiting} of ${wanted} wait`)
await context.close()
