import * as Automerge from '@automerge/automerge'
import { describe, expect, it } from 'vitest'
import type { SyncPorts } from '../../../src/service/sync/replica-ports.ts'
import { StoredReplicas } from '../../../src/service/sync/stored-replicas.ts'
import type { TallyRecord } from '../../../src/service/tallies/read-tally.ts'
import { tallyChunkRecords } from '../../../src/store/records/tally-chunk-records.ts'
import { partnerAddressRecords } from '../../../src/store/sync/partner-address-records.ts'
import { tallySignatureRecords } from '../../../src/store/sync/tally-signature-records.ts'
import { tallySyncRecords } from '../../../src/store/sync/tally-sync-records.ts'
import { signChange } from '../../../src/tally/change-author.ts'
import { deriveDocument } from '../../../src/tally/document.ts'
import { actorPrefix } from '../../../src/tally/document-actor.ts'
import { hostSync, seekSync } from '../../../src/tally/sync/sync-exchange.ts'
import type { SyncChannel, SyncTurn } from '../../../src/tally/sync/sync-ports.ts'
import { signerOf } from '../../support/audit/signer.ts'
import { StoredParty, tallyOf } from '../../support/service/synced-parties.ts'
import { ALICE, BOB, syncParties, Wire } from '../../support/tally/sync-pair.ts'

const TALLY = 'mf3w7a2m4q5r6s7t2u3v4w5x6y'
const PARTIES = { alice: ALICE.peerId, bob: BOB.peerId }
const NOTHING: SyncTurn = { message: new Uint8Array(0), signatures: [], wantsAll: false }

async function pair() {
  const [alice, bob] = [new StoredParty(ALICE), new StoredParty(BOB)]
  const [ofAlice, ofBob] = [tallyOf(TALLY, PARTIES, 'alice'), tallyOf(TALLY, PARTIES, 'bob')]
  await alice.keep(ofAlice)
  await bob.keep(ofBob)
  const sync = async () =>
    await syncParties(alice.replicasWith(bob), bob.replicasWith(alice), [TALLY])
  return { alice, bob, ofAlice, ofBob, sync }
}

/** Sets the limit under an actor that is the same whatever the value, as no program of ours does. */
async function setByOneActor(party: StoredParty, tally: TallyRecord, limit: number): Promise<void> {
  const { tallyId, built } = tally
  const actor = `${actorPrefix(party.peerId)}0123456789abcdef`
  const origin = deriveDocument(tallyId, built.draft.text)
  const before = Automerge.load<Record<string, unknown>>(origin, { actor })
  const document = Automerge.change(before, (it) => {
    it['limit'] = limit
  })
  const [hash = ''] = Automerge.getHeads(document)
  await party.store.transact(function* () {
    yield* tallyChunkRecords.add(tallyId, { added: [Automerge.save(document)], isFolded: false })
    yield* tallySignatureRecords.add(tallyId, [signChange(party.signer, tallyId, hash)])
    yield* tallySyncRecords.setHeads(tallyId, [hash])
  })
}

/** A channel that breaks at its nth use. */
function breaking(channel: SyncChannel, nth: number): SyncChannel {
  let uses = 0
  const use = <Result>(work: () => Promise<Result>): Promise<Result> => {
    uses += 1
    return uses > nth ? Promise.reject(new Error('cut')) : work()
  }
  return {
    send: (payload) => use(() => channel.send(payload)),
    receive: () => use(() => channel.receive()),
  }
}

describe('two stores', () => {
  it('hold the same after a sync, and count what the partner has not before it', async () => {
    const { alice, bob, ofAlice, ofBob, sync } = await pair()
    await alice.set(ofAlice, 'note', 'lunch')
    await bob.set(ofBob, 'limit', 250)
    await bob.set(ofBob, 'limit', 300)
    expect(bob.row(TALLY)).toMatchObject({ ahead: 2, partnerSeenAt: undefined })
    await sync()
    expect(alice.read(ofAlice)).toBe(bob.read(ofBob))
    expect(alice.read(ofAlice)).toContain('"limit":300,"note":"lunch"')
    for (const side of [alice, bob]) {
      expect(side.row(TALLY)).toMatchObject({ ahead: 0, behind: 0, stop: undefined })
      expect(side.row(TALLY).heads).toEqual(side.row(TALLY).partnerHeads)
    }
    expect(alice.audited()).toEqual(['tally.changes_taken 2'])
    expect(bob.audited()).toEqual(['tally.changes_taken 1'])
    await bob.set(ofBob, 'limit', 350)
    expect(bob.row(TALLY)).toMatchObject({ ahead: 1, behind: 0 })
  })

  it('that are equal do not change by a sync but for the time', async () => {
    const { alice, ofAlice, sync } = await pair()
    await sync()
    const before = alice.row(TALLY)
    expect(await sync()).toMatchObject({ frames: { length: 2 } })
    expect(alice.row(TALLY)).toEqual({ ...before, partnerSeenAt: expect.any(Number) })
    expect(alice.audited()).toEqual([])
    expect(alice.read(ofAlice)).not.toContain('note')
  })

  it('take an edit that another process makes while they sync', async () => {
    const { alice, bob, ofAlice, ofBob, sync } = await pair()
    await alice.set(ofAlice, 'a', 1)
    const replica = await bob.replicasWith(alice).open(TALLY)
    const other = await alice.replicasWith(bob).open(TALLY)
    const first = await replica.generate()
    await bob.set(ofBob, 'b', 2)
    await other.receive(first ?? NOTHING)
    await replica.receive((await other.generate()) ?? NOTHING)
    await replica.close()
    await other.close()
    expect(bob.row(TALLY).heads).toHaveLength(2)
    await sync()
    expect(bob.read(ofBob)).toBe(alice.read(ofAlice))
    expect(bob.read(ofBob)).toContain('"a":1,"b":2')
  })

  it('hold whole changes or none wherever the stream breaks, and agree after the next sync', async () => {
    for (const nth of [2, 4, 6]) {
      const { alice, bob, ofAlice, ofBob, sync } = await pair()
      await alice.set(ofAlice, 'note', 'lunch')
      await bob.set(ofBob, 'limit', 250)
      const wire = new Wire()
      const host = hostSync({
        channel: breaking(wire.end(0), nth),
        replicas: alice.replicasWith(bob),
        addresses: [],
      })
      const seeker = seekSync(
        { channel: wire.end(1), replicas: bob.replicasWith(alice), addresses: [] },
        [TALLY],
      )
      seeker.catch(() => undefined)
      await expect(host, `cut after ${nth}`).rejects.toThrow('cut')
      expect(alice.read(ofAlice)).toMatch(/"note":"lunch"/)
      await sync()
      expect(alice.read(ofAlice)).toBe(bob.read(ofBob))
      expect(alice.row(TALLY)).toMatchObject({ ahead: 0, behind: 0 })
    }
  })

  it('say nothing more about changes that the disk did not take', async () => {
    const { alice, bob, ofAlice, ofBob, sync } = await pair()
    await sync()
    await bob.set(ofBob, 'limit', 250)
    let isFull = false
    const store: SyncPorts['store'] = {
      query: (question) => alice.store.query(question),
      transact: (work) => {
        return isFull ? Promise.reject(new Error('full')) : alice.store.transact(work)
      },
    }
    const replicas = new StoredReplicas({ ...alice.ports, store }, bob.peerId)
    replicas.different = async () => {
      isFull = true
    }
    const wire = new Wire()
    const host = hostSync({ channel: wire.end(0), replicas, addresses: [] })
    const seeker = { channel: wire.end(1), replicas: bob.replicasWith(alice), addresses: [] }
    seekSync(seeker, [TALLY]).catch(() => undefined)
    await expect(host).rejects.toThrow('full')
    expect(alice.read(ofAlice)).not.toContain('limit')
    // Digests and heads both ways, the changes and their signatures: no answer to those.
    expect(wire.frames).toHaveLength(6)
    expect(bob.row(TALLY).ahead).toBe(1)
    await sync()
    expect(alice.read(ofAlice)).toBe(bob.read(ofBob))
  })
})

describe('two exchanges with one partner at once', () => {
  /** Two changes of Bob's under one actor and number, each sound beside what Alice has. */
  async function forkedBob() {
    const { alice, bob, ofAlice, ofBob } = await pair()
    const forks = [bob, new StoredParty(BOB)]
    await forks[1]?.keep(ofBob)
    for (const [nth, party] of forks.entries()) await setByOneActor(party, ofBob, nth)
    return { alice, ofAlice, forks }
  }

  it('can not leave changes in the store that never merge', async () => {
    const { alice, ofAlice, forks } = await forkedBob()
    const exchanges = await Promise.all(
      forks.map(async (party) => {
        const here = await alice.replicasWith(party).open(TALLY)
        const there = await party.replicasWith(alice).open(TALLY)
        await there.receive((await here.generate()) ?? NOTHING)
        return { here, turn: (await there.generate()) ?? NOTHING }
      }),
    )
    const [first, second] = exchanges
    await first?.here.receive(first.turn)
    await expect(second?.here.receive(second.turn)).rejects.toMatchObject({ stop: 'forked' })
    expect(alice.read(ofAlice)).toContain('"limit":0')
    expect(alice.row(TALLY)).toMatchObject({ stop: 'forked' })
  })

  it('store the same changes once', async () => {
    const { alice, bob, ofAlice, ofBob, sync } = await pair()
    await bob.set(ofBob, 'limit', 250)
    const theres = await Promise.all([0, 1].map(() => bob.replicasWith(alice).open(TALLY)))
    const heres = await Promise.all([0, 1].map(() => alice.replicasWith(bob).open(TALLY)))
    for (const [nth, here] of heres.entries()) {
      await theres[nth]?.receive((await here.generate()) ?? NOTHING)
    }
    const turns = await Promise.all(theres.map((there) => there.generate()))
    for (const [nth, here] of heres.entries()) await here.receive(turns[nth] ?? NOTHING)
    expect(await alice.store.query(() => tallyChunkRecords.all(TALLY))).toHaveLength(2)
    expect(alice.audited()).toEqual(['tally.changes_taken 1'])
    for (const each of [...theres, ...heres]) await each.close()
    await sync()
    expect(alice.read(ofAlice)).toBe(bob.read(ofBob))
  })
})

describe('a partner’s changes that can not be taken', () => {
  it('stop the tally with an alarm, told once; a fork for good, others until somebody tries again', async () => {
    const { alice, bob, ofAlice, ofBob, sync } = await pair()
    await bob.set(ofBob, 'limit', 250)
    const replica = await alice.replicasWith(bob).open(TALLY)
    await expect(
      replica.receive({ ...NOTHING, message: Uint8Array.of(1, 2, 3) }),
    ).rejects.toMatchObject({ stop: 'invalid' })
    await replica.close()
    expect(alice.audited()).toEqual(['tally.sync_stopped invalid'])
    expect(alice.row(TALLY)).toMatchObject({ stop: 'invalid' })
    expect(await alice.replicasWith(bob).all()).toEqual([])
    await sync()
    expect(alice.read(ofAlice)).not.toContain('limit')
    await alice.store.transact(() => tallySyncRecords.setStop(TALLY, undefined, 0))
    await sync()
    expect(alice.read(ofAlice)).toBe(bob.read(ofBob))
    await alice.store.transact(() => tallySyncRecords.setStop(TALLY, 'forked', 0))
    expect(await alice.replicasWith(bob).all()).toEqual([])
  })
})

describe('a partner', () => {
  it('learns nothing of a tally with somebody else, nor of one that was withdrawn', async () => {
    const { alice } = await pair()
    const carol = new StoredParty(signerOf(3))
    const replicas = alice.replicasWith(carol)
    expect(await replicas.all()).toEqual([])
    expect(await replicas.heads([TALLY])).toEqual([{ tallyId: TALLY, heads: null }])
    const none = 'there-is-no-such-tally'
    expect(await replicas.heads([none])).toEqual([{ tallyId: none, heads: null }])
    await expect(replicas.open(TALLY)).rejects.toThrow()
    await replicas.different([{ tallyId: TALLY, heads: [] }])
    expect(replicas.met.size).toBe(0)
    expect(alice.row(TALLY).partnerSeenAt).toBeUndefined()
  })

  it('is kept with addresses that can be dialled, and no others', async () => {
    const { alice, bob } = await pair()
    await alice
      .replicasWith(bob)
      .reachedAt(['/ip4/127.0.0.1/tcp/4710', 'nonsense', '/ip4/127.0.0.1/udp/1/quic'])
    const kept = await alice.store.query(() => partnerAddressRecords.of(bob.peerId))
    expect(kept).toEqual(['/ip4/127.0.0.1/tcp/4710'])
  })
})
