import { peerIdFromString } from '@libp2p/peer-id'
import { afterEach, expect, test } from 'vitest'
import { createDialer } from '../../src/network/dial.ts'
import { dialingNode, Ear, echo, listener, patience, stopAll } from './two-nodes.ts'

afterEach(stopAll)

test('a listener remembers nothing of peers that have left', async () => {
  const host = await listener(echo)
  const guests = await Promise.all([dialingNode(), dialingNode(), dialingNode()])
  for (const guest of guests) {
    new Ear(await createDialer(guest).dial(host.peer, [host.tcp], patience()))
  }
  const known = async (): Promise<number> => {
    const found = guests.map(({ peerId }) => host.node.peerStore.has(peerIdFromString(`${peerId}`)))
    return (await Promise.all(found)).filter(Boolean).length
  }
  expect(await known()).toBe(3)
  await guests[0]?.stop()
  await expect.poll(known).toBe(2)
  await Promise.all(guests.map(async (guest) => await guest.stop()))
  await expect.poll(known).toBe(0)
})
