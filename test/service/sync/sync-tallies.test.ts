import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createDialer } from '../../../src/network/dial/dial.ts'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../../src/network/identity/identity-key.ts'
import { peerIdOfKeyBytes } from '../../../src/network/identity/key-bytes.ts'
import { createNode, type NetworkNode, nodeAddresses } from '../../../src/network/node/node.ts'
import { serveTallySync } from '../../../src/network/node/serve.ts'
import { stopNode } from '../../../src/network/node/stop-node.ts'
import { TALLY_SYNC } from '../../../src/network/stream/wire-protocol.ts'
import { ListenerSync } from '../../../src/service/sync/listener-sync.ts'
import { PartnerSeeker } from '../../../src/service/sync/partner-seeker.ts'
import type { SyncPorts } from '../../../src/service/sync/replica-ports.ts'
import type { SyncNews } from '../../../src/service/sync/sync-news.ts'
import { SyncServer } from '../../../src/service/sync/sync-server.ts'
import { syncTallies } from '../../../src/service/sync/sync-tallies.ts'
import { changeSigner } from '../../../src/service/tallies/change-signer.ts'
import type { TallyRecord } from '../../../src/service/tallies/read-tally.ts'
import type { RecordStore } from '../../../src/store/query/record-store.ts'
import { partnerAddressRecords } from '../../../src/store/sync/partner-address-records.ts'
import { tallySyncRecords } from '../../../src/store/sync/tally-sync-records.ts'
import { StoredParty, tallyOf } from '../../support/service/synced-parties.ts'

const TALLY = 'mf3w7a2m4q5r6s7t2u3v4w5x6y'
const OTHER = 'nf3w7a2m4q5r6s7t2u3v4w5x6y'

const [ALICE, BOB, CAROL] = [1, 2, 3].map(() => generatePrivateKeyBytes())
const running: { node: NetworkNode; sync: Pick<ListenerSync, 'stop'> }[] = []

const listeners: ListenerSync[] = []

afterEach(async () => {
  listeners.length = 0
  for (const { node, sync } of running.splice(0)) {
    await sync.stop()
    await stopNode(node)
  }
})

function peerOf(key: Uint8Array | undefined): string {
  return peerIdOfKeyBytes(key ?? new Uint8Array(0))
}

function partyOf(key: Uint8Array | undefined): StoredParty {
  return new StoredParty(changeSigner(key ?? new Uint8Array(0)))
}

const PARTIES = { alice: peerOf(ALICE), bob: peerOf(BOB) }

/** The nodes that whoever listens nominates. */
const CADRE = ['/dns4/seat.example/tcp/1']

/** Resolves when a party has stored changes of its partner's. */
async function taking(party: StoredParty): Promise<void> {
  while (party.audited().length === 0) await sleep(20)
}

/** Answers, and seeks nobody by itself. */
async function serving(party: StoredParty, key: Uint8Array | undefined) {
  const privateKey = privateKeyFromBytes(key ?? new Uint8Array(0))
  const node = await createNode({ privateKey, listen: ['/ip4/127.0.0.1/tcp/0'] })
  const sync = new SyncServer(party.ports, () => nodeAddresses(node))
  await serveTallySync(node, (transport) => sync.accept(transport))
  running.push({ node, sync })
}

async function listening(
  party: StoredParty,
  key: Uint8Array | undefined,
  listen = '/ip4/127.0.0.1/tcp/0',
) {
  const privateKey = privateKeyFromBytes(key ?? new Uint8Array(0))
  const node = await createNode({ privateKey, listen: [listen] })
  const clock = { now: () => party.ports.now() }
  const base = { store: party.store, node, clock, cadre: () => CADRE }
  const sync = await new ListenerSync({ ...base, key: key ?? new Uint8Array(0) }).start()
  running.push({ node, sync })
  listeners.push(sync)
  return nodeAddresses(node)
}

async function sync(
  party: { readonly store: RecordStore; readonly ports: Pick<SyncPorts, 'now'> },
  key: Uint8Array | undefined,
  tallies: readonly TallyRecord[],
  addresses: readonly string[] = [],
) {
  const { store, ports } = party
  const init = { store, key: key ?? new Uint8Array(0), addresses, waitMs: 0 }
  const interrupted = new AbortController().signal
  const [sought] = await syncTallies({ ...init, interrupted, now: () => ports.now() }, tallies)
  return sought?.result
}

async function aliceAndBob() {
  const [alice, bob] = [partyOf(ALICE), partyOf(BOB)]
  const [ofAlice, ofBob] = [tallyOf(TALLY, PARTIES, 'alice'), tallyOf(TALLY, PARTIES, 'bob')]
  await alice.keep(ofAlice)
  await bob.keep(ofBob)
  const addresses = await listening(alice, ALICE)
  await bob.store.transact(() => partnerAddressRecords.learn(PARTIES.alice, addresses, 1))
  return { alice, bob, ofAlice, ofBob, addresses }
}

describe('a party that syncs', () => {
  it('meets its partner where it was last known to be, and tells where it is itself', async () => {
    const { alice, bob, ofAlice, ofBob } = await aliceAndBob()
    await alice.set(ofAlice, 'note', 'lunch')
    await bob.set(ofBob, 'limit', 250)
    const result = await sync(bob, BOB, [ofBob], ['/ip4/127.0.0.1/tcp/4710'])
    expect(result).toMatchObject({ met: new Set([TALLY]), taken: new Map([[TALLY, 1]]) })
    expect(alice.read(ofAlice)).toBe(bob.read(ofBob))
    const kept = await alice.store.query(() => partnerAddressRecords.of(PARTIES.bob))
    expect(kept).toEqual(['/ip4/127.0.0.1/tcp/4710'])
  })

  it('is sought by a listener when something was set there, once, and again when more was', async () => {
    const { alice, bob, ofAlice, ofBob } = await aliceAndBob()
    const [{ node } = { node: undefined }] = running
    if (node === undefined) throw new Error('nobody listens')
    await serving(bob, BOB)
    const bobs = running[1]?.node
    if (bobs === undefined) throw new Error('Bob does not listen')
    const dialer = createDialer(bobs, {}, undefined, TALLY_SYNC)
    const seeker = new PartnerSeeker({ ...bob.ports, dialer }, () => nodeAddresses(bobs), {
      restMs: 0,
    })
    await bob.set(ofBob, 'limit', 250)
    await seeker.look()
    expect(alice.read(ofAlice)).toContain('"limit":250')
    const seenAt = bob.row(TALLY).partnerSeenAt
    await seeker.look()
    expect(bob.row(TALLY).partnerSeenAt).toBe(seenAt)
    await bob.set(ofBob, 'limit', 300)
    await seeker.look()
    expect(alice.read(ofAlice)).toContain('"limit":300')
    // Alice knows by now where Bob is.
    const back = new PartnerSeeker(
      { ...alice.ports, dialer: createDialer(node, {}, undefined, TALLY_SYNC) },
      () => [],
      { restMs: 0 },
    )
    await alice.set(ofAlice, 'note', 'lunch')
    await back.look()
    expect(bob.read(ofBob)).toContain('"note":"lunch"')
    await seeker.stop()
    await back.stop()
  })

  it('that is away is not sought by a listener again and again', async () => {
    const { bob, ofBob } = await aliceAndBob()
    await serving(bob, BOB)
    const [alices, bobs] = running
    if (alices === undefined || bobs === undefined) throw new Error('nobody listens')
    await stopNode(alices.node)
    const dialer = createDialer(bobs.node, {}, undefined, TALLY_SYNC)
    const seeker = new PartnerSeeker({ ...bob.ports, dialer }, () => [])
    await bob.set(ofBob, 'limit', 250)
    await seeker.look()
    const { missedAt } = bob.row(TALLY)
    expect(missedAt).toBeGreaterThan(0)
    await seeker.look()
    expect(bob.row(TALLY).missedAt).toBe(missedAt)
    await seeker.stop()
  })

  it('that was away is sought at once when something is set, and only then told of as missed again', async () => {
    const { alice, bob, ofAlice, ofBob, addresses } = await aliceAndBob()
    await serving(bob, BOB)
    const [alices, bobs] = running
    if (alices === undefined || bobs === undefined) throw new Error('nobody listens')
    await alices.sync.stop()
    await stopNode(alices.node)
    const news: SyncNews[] = []
    const heard: (() => void)[] = []
    const hear = (told: SyncNews) => {
      news.push(told)
      heard.shift()?.()
    }
    const next = () => new Promise<void>((resolve) => heard.push(resolve))
    const dialer = createDialer(bobs.node, {}, undefined, TALLY_SYNC)
    const seeker = new PartnerSeeker({ ...bob.ports, dialer, hear }, () => [], { restMs: 0 })
    await bob.set(ofBob, 'limit', 250)
    await seeker.look()
    running.shift()
    const [address = ''] = addresses
    await listening(alice, ALICE, address)
    // It is paused: nobody is sought by a look.
    await seeker.look()
    const met = next()
    seeker.seekNow(PARTIES.alice)
    await met
    expect(alice.read(ofAlice)).toBe(bob.read(ofBob))
    expect(news).toEqual([
      { peerId: PARTIES.alice, by: 'here', result: 'missed', taken: 0, given: 0, stopped: [] },
      { peerId: PARTIES.alice, by: 'here', result: 'met', taken: 0, given: 1, stopped: [] },
    ])
    await seeker.stop()
  })

  it('is sought where its draft says that it is, when a listener is told of a change', async () => {
    const [alice, bob] = [partyOf(ALICE), partyOf(BOB)]
    await serving(bob, BOB)
    const addresses = running.flatMap(({ node }) => nodeAddresses(node))
    await listening(alice, ALICE)
    const cadre = { bob: addresses }
    const ofAlice = tallyOf(TALLY, PARTIES, 'alice', cadre)
    const ofBob = tallyOf(TALLY, PARTIES, 'bob', cadre)
    await alice.keep(ofAlice)
    await bob.keep(ofBob)
    await alice.set(ofAlice, 'note', 'lunch')
    const [alices] = listeners
    expect(await alices?.changed('pf3w7a2m4q5r6s7t2u3v4w5x6y')).toBe(false)
    const took = taking(bob)
    expect(await alices?.changed(TALLY)).toBe(true)
    await took
    expect(bob.read(ofBob)).toContain('"note":"lunch"')
  })

  it('is sought after a start where nothing but an old draft says that it is', async () => {
    const [alice, bob] = [partyOf(ALICE), partyOf(BOB)]
    await serving(bob, BOB)
    const cadre = { bob: running.flatMap(({ node }) => nodeAddresses(node)) }
    const ofAlice = tallyOf(TALLY, PARTIES, 'alice', cadre)
    const ofBob = tallyOf(TALLY, PARTIES, 'bob', cadre)
    await alice.keep(ofAlice)
    await bob.keep(ofBob)
    await alice.set(ofAlice, 'note', 'lunch')
    const took = taking(bob)
    await listening(alice, ALICE)
    await took
    expect(bob.read(ofBob)).toContain('"note":"lunch"')
  })

  it('is told that its partner is away, and remembers when that was', async () => {
    const { bob, ofBob } = await aliceAndBob()
    for (const { node } of running) await stopNode(node)
    expect(await sync(bob, BOB, [ofBob])).toMatchObject({ failure: { code: 'unreachable' } })
    expect(bob.row(TALLY).missedAt).toBeGreaterThan(0)
  })

  it('tries a tally again whose sync was stopped, but not one that is found forked meanwhile', async () => {
    const bob = partyOf(BOB)
    const tallies = [TALLY, OTHER].map((id) => tallyOf(id, PARTIES, 'bob'))
    await bob.keep(...tallies)
    const stop = (tallyId: string, why: string) =>
      bob.store.transact(() => tallySyncRecords.setStop(tallyId, why, 1))
    for (const { tallyId } of tallies) await stop(tallyId, 'too_large')
    let isFound = false
    const store: RecordStore = {
      query: async (question) => {
        const answer = await bob.store.query(question)
        if (!isFound) await stop(TALLY, 'forked')
        isFound = true
        return answer
      },
      queryDurable: (question) => bob.store.queryDurable(question),
      transact: (work) => bob.store.transact(work),
      tableBytes: () => bob.store.tableBytes(),
    }
    await sync({ store, ports: bob.ports }, BOB, tallies)
    expect(bob.row(TALLY).stop).toBe('forked')
    expect(bob.row(OTHER).stop).toBeUndefined()
  })

  it('is shown out unheard if it has no tally with the other side, whatever it claims', async () => {
    const { alice, addresses } = await aliceAndBob()
    const carol = partyOf(CAROL)
    const claimed = tallyOf(TALLY, { alice: PARTIES.alice, bob: carol.peerId }, 'bob')
    await carol.keep(claimed)
    await carol.set(claimed, 'note', 'mine')
    await carol.store.transact(() => partnerAddressRecords.learn(PARTIES.alice, addresses, 1))
    expect(await sync(carol, CAROL, [claimed])).toMatchObject({
      failure: { code: 'transport_closed' },
    })
    expect(alice.row(TALLY)).toMatchObject({ heads: undefined, partnerSeenAt: undefined })
    expect(await alice.store.query(() => partnerAddressRecords.of(carol.peerId))).toEqual([])
  })

  it('is told the same of a tally of others as of one that is not', async () => {
    const { alice, addresses } = await aliceAndBob()
    const carol = partyOf(CAROL)
    const parties = { alice: PARTIES.alice, bob: carol.peerId }
    await alice.keep(tallyOf(OTHER, parties, 'alice'))
    const ids = [OTHER, TALLY, 'pf3w7a2m4q5r6s7t2u3v4w5x6y']
    const tallies = ids.map((id) => tallyOf(id, parties, 'bob'))
    await carol.keep(...tallies)
    await carol.store.transact(() => partnerAddressRecords.learn(PARTIES.alice, addresses, 1))
    expect(await sync(carol, CAROL, tallies)).toMatchObject({ met: new Set([OTHER]) })
    expect(alice.row(TALLY).partnerSeenAt).toBeUndefined()
  })
})
