import { afterEach, expect, test } from 'vitest'
import { generatePrivateKeyBytes } from '../../../src/network/identity/identity-key.ts'
import { peerIdOfKeyBytes } from '../../../src/network/identity/key-bytes.ts'
import type { Transport } from '../../../src/session/ports/transport.ts'
import { guestOf, stockRelay, stopRelays } from '../../support/network/relays.ts'
import { bytes, dialer, Ear, echo, patience, stopAll } from '../../support/network/two-nodes.ts'

afterEach(async () => {
  await stopAll()
  await stopRelays()
})

test.each(['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'])(
  'a peer that can not be dialled is reached by a relay of libp2p at %s, whose id nobody knows',
  async (listen) => {
    const relay = await stockRelay({}, listen)
    const accepted: Transport[] = []
    const guest = await guestOf([relay.address], (transport) => {
      accepted.push(transport)
      echo(transport)
    })
    await expect.poll(() => guest.places[0]?.state).toBe('reserved')
    const transport = await (await dialer()).dial(
      guest.peer,
      [`${relay.address}/p2p-circuit`],
      patience(),
    )
    const ear = new Ear(transport)
    await transport.send(bytes('through'))
    await ear.untilFrames(1)
    expect(ear.heard).toEqual([{ frame: 'through' }])
    expect(transport.remotePeer).toBe(guest.peer)
    expect(transport.remoteAddress).toContain(`/p2p/${relay.id}/p2p-circuit`)
    expect(accepted[0]?.remoteAddress).toContain(`/p2p/${relay.id}/p2p-circuit`)
    await transport.close()
    await ear.untilClosed()
    expect(ear.heard.at(-1)).toEqual({ closed: true })
  },
)

test('without a place at the relay the inviter is not there, in words', async () => {
  const relay = await stockRelay()
  const absent = peerIdOfKeyBytes(generatePrivateKeyBytes())
  const address = `${relay.address}/p2p-circuit`
  const dialing = (await dialer()).dial(absent, [address], patience())
  await expect(dialing).rejects.toMatchObject({
    code: 'unreachable',
    attempts: [{ address, problem: 'the inviter is not at this relay now' }],
  })
  await expect.poll(() => relay.node.getConnections().length).toBe(0)
})
