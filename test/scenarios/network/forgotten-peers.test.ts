import { peerIdFromString } from '@libp2p/peer-id'
import { afterEach, expect, test } from 'vitest'
import { createDialer } from '../../../src/network/dial/dial.ts'
import {
  dialingNode,
  Ear,
  echo,
  listener,
  patience,
  stopAll,
} from '../../support/network/two-nodes.ts'

afterEach(stopAll)

test('neither side remembers anything of its peers', async () => {
  const host = await listener(echo)
  const guests = await Promise.all([dialingNode(), dialingNode(), dialingNode()])
  for (const guest of guests) {
    new Ear(await createDialer(guest).dial(host.peer, [host.tcp], patience()))
  }
  const known = async (): Promise<number> => {
    const found = guests.map(({ peerId }) => host.node.peerStore.has(peerIdFromString(`${peerId}`)))
    return (await Promise.all(found)).filter(Boolean).length
  }
  expect(host.node.getConnections()).toHaveLength(3)
  expect(await known()).toBe(0)
  for (const { peerStore } of guests) expect(await peerStore.has(host.node.peerId)).toBe(false)
})
