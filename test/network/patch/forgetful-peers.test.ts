import { peerIdFromString } from '@libp2p/peer-id'
import { afterEach, expect, test } from 'vitest'
import { createDialer } from '../../../src/network/dial/dial.ts'
import { rememberNoPeers } from '../../../src/network/patch/forgetful-peers.ts'
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

test.each([
  ['@libp2p/peer-store', 'PersistentPeerStore.merge', ['components', 'peerStore', 'merge']],
  ['libp2p', 'Libp2p.components.peerStore', ['components']],
  ['libp2p', 'Libp2p.components.peerStore', ['components', 'peerStore']],
] as const)('a node of a %s without %s is refused', async (inside, member, path) => {
  const node = await dialingNode()
  let owner: object = node
  for (const name of path.slice(0, -1)) owner = Reflect.get(owner, name)
  const last = path.at(-1) ?? ''
  const before: unknown = Reflect.get(owner, last)
  Reflect.set(owner, last, last === 'merge' ? undefined : {})
  expect(() => rememberNoPeers(node)).toThrow(
    expect.objectContaining({ code: 'dependency_changed', package: inside, member }),
  )
  Reflect.set(owner, last, before)
})
