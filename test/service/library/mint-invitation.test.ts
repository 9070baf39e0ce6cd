import { describe, expect, it } from 'vitest'
import { MemoryTokens } from '../../../src/hooks/memory/memory-tokens.ts'
import type { TokenContext } from '../../../src/hooks/session-hooks.ts'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { AddressError, PeerIdError } from '../../../src/protocol/errors.ts'
import { decodeLink, MAX_LINK_CHARACTERS } from '../../../src/protocol/link/link.ts'
import { secretHashOf, tokenIdOf } from '../../../src/protocol/link/secret.ts'
import {
  type InvitationInit,
  mintInvitation,
} from '../../../src/service/library/mint-invitation.ts'

const alice = peerIdOfPublicKey(new Uint8Array(32).fill(1))
const now = 1_800_000_000_500
const init: InvitationInit = {
  inviter: alice,
  role: 'foil',
  addresses: ['/ip4/192.0.2.7/tcp/4710'],
}

describe('a minted invitation', () => {
  it('has a link that names the token, the inviter and the expiry, to the second', () => {
    const { link, token, dropped } = mintInvitation({ ...init, expiresInMs: 60_000 }, now)
    const content = decodeLink(link)
    expect(content).toMatchObject({
      role: 'foil',
      expiresAt: 1_800_000_060,
      publicKey: new Uint8Array(32).fill(1),
      addresses: init.addresses,
    })
    expect(token.tokenId).toBe(tokenIdOf(content.secret))
    expect(token.secretHash).toEqual(secretHashOf(content.secret))
    // The offer's expiry is compared with the link's, which has whole seconds.
    expect(Date.parse(token.info.expiryUtc)).toBe(content.expiresAt * 1_000)
    expect(dropped).toEqual([])
  })

  it('is for one use and a day unless told otherwise, and grants what it was told', () => {
    const { info, secretHash } = mintInvitation(init, now).token
    expect(info).toEqual({
      secretHash: Buffer.from(secretHash).toString('hex'),
      initiatorRole: 'foil',
      expiryUtc: new Date(1_800_086_400_000).toISOString(),
      identityRequirements: [],
      usesAllowed: 1,
    })
    const told = {
      uses: null,
      required: ['name'],
      optional: ['email'],
      terms: { limit: 1 },
      label: 'till',
    }
    expect(mintInvitation({ ...init, ...told }, now).token.info).toMatchObject({
      usesAllowed: null,
      identityRequirements: ['name'],
      identityOptional: ['email'],
      terms: { limit: 1 },
      label: 'till',
    })
  })

  it('never has the secret of another one', () => {
    const ids = Array.from({ length: 100 }, () => mintInvitation(init, now).token.tokenId)
    expect(new Set(ids).size).toBe(100)
  })

  it('is known to the token hook that it was given to', async () => {
    const tokens = new MemoryTokens(() => now)
    const { link, token } = mintInvitation(init, now)
    tokens.issue(token)
    const { secret } = decodeLink(link)
    const tokenId = tokenIdOf(secret)
    const context: TokenContext = {
      tokenId,
      secretHash: secretHashOf(secret),
      signal: new AbortController().signal,
      sessionId: 's',
      deadline: now,
      peerId: alice,
    }
    expect(await tokens.validate(tokenId, context)).toMatchObject({ usesAllowed: 1 })
  })

  it('names the best addresses first, without peer ids, doubles and what nobody can dial', () => {
    const addresses = [
      '/ip4/127.0.0.1/tcp/1',
      '/ip4/0.0.0.0/tcp/1',
      `/ip4/192.168.1.2/tcp/1/p2p/${alice}`,
      '/ip4/192.168.1.2/tcp/1',
      '/dns/a.example/tcp/1/ws',
    ]
    const { link } = mintInvitation({ ...init, addresses }, now)
    expect(decodeLink(link).addresses).toEqual([
      '/dns/a.example/tcp/1/ws',
      '/ip4/192.168.1.2/tcp/1',
    ])
  })

  it('says which addresses it had no room for', () => {
    const addresses = Array.from(
      { length: 20 },
      (_, at) => `/dns/${'a'.repeat(63)}.${'b'.repeat(60)}${at + 10}/tcp/1`,
    )
    const { link, dropped } = mintInvitation({ ...init, addresses }, now)
    expect(link.length).toBeLessThanOrEqual(MAX_LINK_CHARACTERS)
    expect([...decodeLink(link).addresses, ...dropped.toReversed()]).toEqual(addresses)
    expect(dropped.length).toBeGreaterThan(0)
  })
})

describe('minting an invitation', () => {
  it.each<[string, Partial<InvitationInit>, new (...args: never[]) => Error]>([
    ['nobody', { inviter: 'QmNobody' }, PeerIdError],
    ['no address', { addresses: [] }, RangeError],
    ['only an unspecified address', { addresses: ['/ip4/0.0.0.0/tcp/1'] }, RangeError],
    ['somebody else’s address', { addresses: ['/ip4/192.0.2.7/tcp/1/p2p/QmX'] }, AddressError],
    ['no use', { uses: 0 }, RangeError],
    ['half a use', { uses: 0.5 }, RangeError],
    ['terms that fill a book', { terms: 'x'.repeat(8_192) }, RangeError],
    ['an expiry within this second', { expiresInMs: 0 }, RangeError],
    ['an expiry beyond what a link can say', { expiresInMs: 2 ** 45 }, RangeError],
  ])('refuses %s', (_what, part, error) => {
    expect(() => mintInvitation({ ...init, ...part }, now)).toThrow(error)
  })
})
