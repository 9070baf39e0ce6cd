import { expect, test } from 'vitest'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { LinkError } from '../../../src/protocol/errors.ts'
import { encodeLegacyLink, pinLegacyLink } from '../../../src/protocol/link/legacy-link.ts'
import { decodeLink, encodeLink } from '../../../src/protocol/link/link.ts'
import type { LinkContent } from '../../../src/protocol/link/link-content.ts'
import { linkHash } from '../../../src/protocol/link/secret.ts'

const PEER = peerIdOfPublicKey(new Uint8Array(32).fill(5))
const OTHER = peerIdOfPublicKey(new Uint8Array(32).fill(6))

const LINK = {
  responderPeerAddrs: [`/ip4/192.0.2.7/tcp/4710/p2p/${PEER}`],
  token: 'a-token',
  tokenExpiryUtc: '2026-12-24T18:00:00Z',
  initiatorRole: 'foil',
}

function problemOf(link: object | string): string {
  try {
    decodeLink(typeof link === 'string' ? link : JSON.stringify(link))
    return 'none'
  } catch (error) {
    if (error instanceof LinkError) return error.problem
    throw error
  }
}

test('an older link is read with the peer that its addresses name', () => {
  const content = decodeLink(`\n ${JSON.stringify(LINK, null, 2)}\n`)
  expect(content).toMatchObject({
    role: 'foil',
    expiresAt: Date.parse('2026-12-24T18:00:00Z') / 1_000,
    addresses: ['/ip4/192.0.2.7/tcp/4710'],
    legacy: { token: 'a-token', required: [] },
  })
  expect(peerIdOfPublicKey(content.publicKey)).toBe(PEER)
})

const RELAYED = `/ip4/192.0.2.7/tcp/4710/p2p/${OTHER}/p2p-circuit/p2p/${PEER}`

test.each<[string, string, object | string]>([
  [
    'two_peers',
    'addresses of two peers',
    { responderPeerAddrs: [...LINK.responderPeerAddrs, `/ip4/192.0.2.8/tcp/1/p2p/${OTHER}`] },
  ],
  [
    'unpinned',
    'an address that names no peer',
    { responderPeerAddrs: ['/ip4/192.0.2.7/tcp/4710'] },
  ],
  [
    'unpinned',
    'one of two that names none',
    { responderPeerAddrs: [...LINK.responderPeerAddrs, '/ip4/192.0.2.8/tcp/1'] },
  ],
  [
    'other_key',
    'a peer with another kind of key',
    {
      responderPeerAddrs: [
        '/ip4/192.0.2.7/tcp/1/p2p/QmcEPrat8ShnCph8WjkREzt5CPXF2RwhYxYBALDcLC1iV6',
      ],
    },
  ],
  ['address', 'no address', { responderPeerAddrs: [] }],
  [
    'address',
    'no address that can be dialled',
    { responderPeerAddrs: [`/onion3/abc:1/p2p/${PEER}`] },
  ],
  ['legacy', 'no token', { token: '' }],
  ['legacy', 'a token that is too long', { token: 'x'.repeat(513) }],
  ['legacy', 'no such role', { initiatorRole: 'both' }],
  ['legacy', 'a time that is none', { tokenExpiryUtc: 'tomorrow' }],
  ['legacy', 'a time beyond 2106', { tokenExpiryUtc: '2107-01-01T00:00:00Z' }],
  ['legacy', 'requirements that are no names', { identityRequirements: [1] }],
  ['legacy', 'a member twice', `{"token":"a","token":"b"}`],
  ['legacy', 'half of an object', '{"token":"a"'],
])('%s: %s', (problem, _, change) => {
  expect(problemOf(typeof change === 'string' ? change : { ...LINK, ...change })).toBe(problem)
})

test('an error of an older link holds nothing of it', () => {
  const text = JSON.stringify({ ...LINK, token: 'the-secret', initiatorRole: 'both' })
  expect(() => decodeLink(text)).toThrow(/^(?!.*the-secret)/)
})

test('an address beyond a relay is taken without the relay’s id, as in our links', () => {
  const { addresses } = decodeLink(JSON.stringify({ ...LINK, responderPeerAddrs: [RELAYED] }))
  expect(addresses).toEqual(['/ip4/192.0.2.7/tcp/4710/p2p-circuit'])
})

test('requirements are read from a list, or from the names of an object', () => {
  const required = (identityRequirements: unknown) =>
    decodeLink(JSON.stringify({ ...LINK, identityRequirements })).legacy?.required
  expect(required(['name', 'email'])).toEqual(['name', 'email'])
  expect(required({ name: true, email: { verified: true } })).toEqual(['name', 'email'])
})

test('a link that names no peer is made to name one that is known from elsewhere', () => {
  const bare = JSON.stringify({ ...LINK, responderPeerAddrs: ['/ip4/192.0.2.7/tcp/4710'] })
  expect(peerIdOfPublicKey(decodeLink(pinLegacyLink(bare, PEER)).publicKey)).toBe(PEER)
  expect(problemOf(pinLegacyLink(JSON.stringify(LINK), OTHER))).toBe('none')
})

const OURS: LinkContent = {
  role: 'stock',
  secret: new Uint8Array(16).fill(9),
  expiresAt: 1_800_000_000,
  publicKey: new Uint8Array(32).fill(5),
  addresses: ['/ip4/192.0.2.7/tcp/4710', '/dns4/example.org/tcp/443/wss'],
}

test('the older link of an invitation says what the link says', () => {
  const older = decodeLink(encodeLegacyLink(OURS, PEER, ['name']))
  const { legacy, ...rest } = older
  expect(rest).toEqual(decodeLink(encodeLink(OURS)))
  expect(legacy?.required).toEqual(['name'])
  expect(legacy?.token).toMatch(/^stock\./)
})

test('an invitation’s older link is another one to the invitee', () => {
  const older = decodeLink(encodeLegacyLink(OURS, PEER, []))
  expect(linkHash(older)).not.toBe(linkHash(OURS))
})
