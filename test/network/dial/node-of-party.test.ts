import { afterEach, describe, expect, test } from 'vitest'
import {
  generatePrivateKeyBytes,
  peerIdOfKeyBytes,
  signWithKeyBytes,
} from '../../../src/network/identity/key-bytes.ts'
import type { NetworkNode } from '../../../src/network/node/node.ts'
import { serveNodeProof } from '../../../src/network/node/serve.ts'
import { NODE_PROOF } from '../../../src/network/stream/wire-protocol.ts'
import {
  type NodeCertificate,
  type NodeCertificateContent,
  signNodeCertificate,
} from '../../../src/protocol/node/node-certificate.ts'
import { guestOf, stockRelay, stopRelays } from '../../support/network/relays.ts'
import {
  bytes,
  dialer,
  Ear,
  echo,
  listener,
  patience,
  stopAll,
} from '../../support/network/two-nodes.ts'

const PARTY = generatePrivateKeyBytes()
const [party, other] = [peerIdOfKeyBytes(PARTY), peerIdOfKeyBytes(generatePrivateKeyBytes())]
const DAY = 86_400

afterEach(async () => {
  await stopAll()
  await stopRelays()
})

function certificate(
  node: string,
  content: Partial<NodeCertificateContent> = {},
  key = PARTY,
): NodeCertificate {
  const now = Math.floor(Date.now() / 1_000)
  const base = { party, node, name: 'a', serial: 1, validFrom: now - 60, validUntil: now + DAY }
  return signNodeCertificate({ ...base, ...content }, signWithKeyBytes(key))
}

/** Notes the peers that come to a node. */
function seenBy(node: NetworkNode): string[] {
  const seen: string[] = []
  node.addEventListener('peer:connect', ({ detail }) => seen.push(detail.toString()))
  return seen
}

/** A node that shows a certificate. @returns its addresses, and how many streams of a bootstrap it got */
async function nodeShowing(shown: (node: string) => NodeCertificate | undefined) {
  const got = { streams: 0 }
  const node = await listener((transport) => {
    got.streams += 1
    echo(transport)
  })
  await serveNodeProof(node.node, () => shown(node.peer))
  return { ...node, got, seen: seenBy(node.node) }
}

describe('who dials a party', () => {
  test.each(['tcp', 'ws'] as const)('meets a node of its over %s', async (way) => {
    const node = await nodeShowing((peer) => certificate(peer))
    const transport = await (await dialer()).dial(party, [node[way]], patience())
    expect(transport.remotePeer).toBe(party)
    const ear = new Ear(transport)
    await transport.send(bytes('hello'))
    await ear.untilFrames(1)
    expect(ear.heard).toEqual([{ frame: 'hello' }])
  })

  test('meets whichever node answers, past those that do not prove it', async () => {
    const [foreign, good] = await Promise.all([
      nodeShowing((peer) => certificate(peer, { party: other })),
      nodeShowing((peer) => certificate(peer)),
    ])
    const transport = await (await dialer()).dial(party, [foreign.tcp, good.tcp], patience())
    expect(transport.remotePeer).toBe(party)
    expect(transport.remoteAddress).toContain(good.tcp)
    expect(foreign.got.streams).toBe(0)
  })

  test('opens its next stream on the same connection', async () => {
    const node = await nodeShowing((peer) => certificate(peer))
    const own = await dialer()
    await own.dial(party, [node.tcp], patience())
    await own.dial(party, [node.tcp], patience())
    expect(node.node.getConnections()).toHaveLength(1)
    expect(node.got.streams).toBe(2)
  })
})

test('a connection is used no more once the certificate of its node has lapsed', async () => {
  const until = Math.floor(Date.now() / 1_000) + 2
  const node = await nodeShowing((peer) => certificate(peer, { validUntil: until }))
  const own = await dialer()
  const transport = await own.dial(party, [node.tcp], patience())
  await expect.poll(() => Date.now(), { timeout: 5_000 }).toBeGreaterThanOrEqual(until * 1_000)
  const dialing = own.dial(party, [node.tcp], patience())
  await expect(dialing).rejects.toMatchObject({ code: 'node_lapsed' })
  expect(node.got.streams).toBe(1)
  // One that is under way goes on.
  const ear = new Ear(transport)
  await transport.send(bytes('hello'))
  await ear.untilFrames(1)
})

test.each<[string, string, (node: string) => NodeCertificate | undefined]>([
  ['no certificate', 'wrong_peer', () => undefined],
  ['one by another party', 'node_uncertified', (node) => certificate(node, { party: other })],
  ['one for another node', 'node_uncertified', () => certificate(other)],
  [
    'one that somebody else has signed',
    'node_uncertified',
    (node) => certificate(node, {}, generatePrivateKeyBytes()),
  ],
  [
    'one that has lapsed',
    'node_lapsed',
    (node) => certificate(node, { validFrom: 1_790_000_000, validUntil: 1_790_000_001 }),
  ],
])('who shows %s is told nothing, not even by whom: %s', async (_, code, shown) => {
  const node = await nodeShowing(shown)
  const own = await dialer()
  await expect(own.dial(party, [node.tcp], patience())).rejects.toMatchObject({ code })
  expect(node.got.streams).toBe(0)
  expect(node.seen).not.toContain(own.localPeer)
})

describe('a node beyond a relay', () => {
  /** A node that is reached by a relay only. @returns its address as a link has it */
  async function beyondRelay(shown: (node: string) => NodeCertificate | undefined) {
    const relay = await stockRelay()
    const guest = await guestOf([relay.address], echo)
    await serveNodeProof(guest.node, () => shown(guest.peer))
    await expect.poll(() => guest.places[0]?.state).toBe('reserved')
    const seen = seenBy(guest.node)
    return { address: `${relay.address}/p2p-circuit/p2p/${guest.peer}`, seen }
  }

  test('is met by its own id, which the link names', async () => {
    const { address } = await beyondRelay((node) => certificate(node))
    const transport = await (await dialer()).dial(party, [address], patience())
    expect(transport.remotePeer).toBe(party)
    expect(transport.remoteAddress).toContain('/p2p-circuit')
  })

  test('is met beside nodes that can be dialled, of which none is there', async () => {
    const { address } = await beyondRelay((node) => certificate(node))
    const gone = await nodeShowing((node) => certificate(node))
    await gone.node.stop()
    const transport = await (await dialer()).dial(party, [gone.tcp, address], patience())
    expect(transport.remotePeer).toBe(party)
  })

  test('that says nothing when it is asked is not waited for', async () => {
    const relay = await stockRelay()
    const guest = await guestOf([relay.address], echo)
    await guest.node.handle(NODE_PROOF.id, () => undefined)
    await expect.poll(() => guest.places[0]?.state).toBe('reserved')
    const address = `${relay.address}/p2p-circuit/p2p/${guest.peer}`
    const own = await dialer({ negotiationTimeoutMs: 500 })
    const dialing = own.dial(party, [address], patience())
    await expect(dialing).rejects.toMatchObject({ code: 'wrong_peer' })
  })

  test('is told nothing, not even by whom, without a good certificate', async () => {
    const { address, seen } = await beyondRelay((node) => certificate(node, { party: other }))
    const own = await dialer()
    const dialing = own.dial(party, [address], patience())
    await expect(dialing).rejects.toMatchObject({ code: 'node_uncertified' })
    expect(seen).not.toContain(own.localPeer)
  })
})

test('who speaks another protocol only is told nothing', async () => {
  const node = await listener(echo)
  const seen = seenBy(node.node)
  const own = await dialer()
  const dialing = own.dial(party, [node.tcp], patience())
  await expect(dialing).rejects.toMatchObject({ code: 'wrong_peer' })
  expect(seen).not.toContain(own.localPeer)
})
