import { multiaddr } from '@multiformats/multiaddr'
import fc from 'fast-check'
import { base32 } from 'multiformats/bases/base32'
import { describe, expect, it, test } from 'vitest'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { AddressError, LinkError } from '../../../src/protocol/errors.ts'
import { decodeLink, encodeLink, type LinkContent } from '../../../src/protocol/link/link.ts'
import { nodeAddressToBytes, nodeAddressToText } from '../../../src/protocol/link/node-address.ts'
import { linkContent } from '../../support/protocol/arbitraries.ts'

const NODE = peerIdOfPublicKey(new Uint8Array(32).fill(7))
const RELAYED = '/ip4/192.0.2.7/tcp/4001/p2p-circuit'
const NAMED = `${RELAYED}/p2p/${NODE}`

const CONTENT: LinkContent = {
  role: 'stock',
  secret: new Uint8Array(16),
  expiresAt: 1_800_000_000,
  publicKey: new Uint8Array(32).fill(9),
  addresses: ['/ip4/192.0.2.7/tcp/4001', '/ip4/192.0.2.8/tcp/4001'],
}

describe('the address of a node beyond a relay', () => {
  it('has the bytes that any other library writes, and is read from them', () => {
    const bytes = nodeAddressToBytes(NAMED)
    expect(Buffer.from(bytes)).toEqual(Buffer.from(multiaddr(NAMED).bytes))
    expect(nodeAddressToText(bytes)).toBe(NAMED)
  })

  it('is the only one that names a node', () => {
    expect(() => nodeAddressToBytes(`/ip4/192.0.2.7/tcp/4001/p2p/${NODE}`)).toThrow(AddressError)
    const bytes = multiaddr(`/ip4/192.0.2.7/tcp/4001/p2p/${NODE}`).bytes
    expect(nodeAddressToText(bytes)).toBeUndefined()
  })
})

describe('a link of several nodes', () => {
  it('is read as it was written, and has a version of its own', () => {
    fc.assert(
      fc.property(linkContent, fc.boolean(), (content, isNamed) => {
        const addresses = [...(isNamed ? [NAMED] : []), ...content.addresses.slice(0, 3)]
        const wanted = { ...content, addresses, nodes: true as const }
        const link = encodeLink(wanted)
        const read = decodeLink(link)
        expect(read).toMatchObject({ nodes: true, role: content.role })
        expect(read.addresses).toHaveLength(addresses.length)
        expect(encodeLink(read)).toBe(link)
        expect((base32.baseDecode(link.slice('taleus:b'.length))[0] ?? 0) >> 1).toBe(3)
      }),
      { numRuns: 50 },
    )
  })

  it('of two nodes with two addresses each is no longer than one of one node with them all', () => {
    const addresses = [
      ...CONTENT.addresses,
      '/ip4/192.0.2.7/tcp/4002/ws',
      '/ip4/192.0.2.8/tcp/4002/ws',
    ]
    const [one, several] = [{}, { nodes: true as const }].map((part) =>
      encodeLink({ ...CONTENT, addresses, ...part }),
    )
    expect(several).toHaveLength(one?.length ?? 0)
  })
})

test('a link that names a node is none of one node', () => {
  expect(() => encodeLink({ ...CONTENT, addresses: [NAMED] })).toThrow(AddressError)
  const link = encodeLink({ ...CONTENT, addresses: [RELAYED] })
  expect(decodeLink(link)).not.toHaveProperty('nodes')
  expect(() => decodeLink(`${link.slice(0, -1)}7`)).toThrow(LinkError)
})
