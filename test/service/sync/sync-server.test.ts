import { describe, expect, it } from 'vitest'
import {
  MAX_EXCHANGES_PER_MINUTE,
  MAX_EXCHANGES_PER_PARTNER,
  SyncServer,
} from '../../../src/service/sync/sync-server.ts'
import { TransportChannel } from '../../../src/service/sync/transport-channel.ts'
import { SYSTEM_CLOCK } from '../../../src/session/clock/system-clock.ts'
import { seekSync } from '../../../src/tally/sync/sync-exchange.ts'
import { memoryTransportPair } from '../../support/memory-transport.ts'
import { StoredParty, tallyOf } from '../../support/service/synced-parties.ts'
import { ALICE, BOB } from '../../support/tally/sync-pair.ts'

const TALLY = 'mf3w7a2m4q5r6s7t2u3v4w5x6y'
const PARTIES = { alice: ALICE.peerId, bob: BOB.peerId }

async function served() {
  const [alice, bob] = [new StoredParty(ALICE), new StoredParty(BOB)]
  await alice.keep(tallyOf(TALLY, PARTIES, 'alice'))
  await bob.keep(tallyOf(TALLY, PARTIES, 'bob'))
  const server = new SyncServer(alice.ports, () => [])
  const come = () => {
    const { dialer, listener } = memoryTransportPair(BOB.peerId, ALICE.peerId, SYSTEM_CLOCK)
    const channel = new TransportChannel(dialer)
    server.accept(listener)
    return { dialer, channel }
  }
  const sync = async () => {
    const { dialer, channel } = come()
    await seekSync({ channel, replicas: bob.replicasWith(alice), addresses: [] }, [TALLY])
    await dialer.close()
  }
  return { server, alice, come, sync }
}

describe('a server of syncs', () => {
  it('syncs a tally with a partner whose latest one was withdrawn, or is somewhere else', async () => {
    const { server, alice, sync } = await served()
    const later = tallyOf('zf3w7a2m4q5r6s7t2u3v4w5x6y', PARTIES, 'alice')
    const endpoint = 'postgres://db.example/tallies'
    const database = { engine: 'postgres', endpoint, credentialsRef: 'x' }
    const built = { ...later.built, database }
    await alice.keep({ ...later, built, createdAt: later.createdAt + 1 })
    await sync()
    expect(alice.row(TALLY).partnerSeenAt).toBeDefined()
    await server.stop()
  })

  it('takes so many exchanges of one partner in a minute, and no more', async () => {
    const { server, sync } = await served()
    for (let nth = 0; nth < MAX_EXCHANGES_PER_MINUTE; nth += 1) await sync()
    await expect(sync()).rejects.toMatchObject({ code: 'transport_closed' })
    await server.stop()
  })

  it('lets one partner hold as many exchanges as it may, and no more, until they are over', async () => {
    const { server, come, sync } = await served()
    const held = Array.from({ length: MAX_EXCHANGES_PER_PARTNER }, () => come())
    await expect(sync()).rejects.toMatchObject({ code: 'transport_closed' })
    held[0]?.dialer.reset()
    await expect(held[0]?.channel.receive()).rejects.toMatchObject({ code: 'transport_closed' })
    await new Promise((resolve) => setImmediate(resolve))
    await sync()
    await server.stop()
  })

  it('ends what is under way when it stops, and lets nobody in any more', async () => {
    const { server, come } = await served()
    const { channel } = come()
    await server.stop()
    await expect(channel.receive()).rejects.toMatchObject({ code: 'transport_closed' })
    await expect(come().channel.receive()).rejects.toMatchObject({ code: 'transport_closed' })
  })
})
