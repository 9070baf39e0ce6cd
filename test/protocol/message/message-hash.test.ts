import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { messageHash, requestHash } from '../../../src/protocol/message/message-hash.ts'
import type { InboundContact } from '../../../src/protocol/message/messages.ts'
import { message } from '../../support/protocol/arbitraries.ts'

const contact: InboundContact = {
  type: 'InboundContact',
  bootstrapId: 'b-1',
  secret: 'AAECAwQFBgcICQoLDA0ODw',
  partyId: peerIdOfPublicKey(new Uint8Array(32).fill(2)),
  role: 'stock',
  identity: { name: 'Bob', email: 'bob@example.org' },
  cadre: ['/dns/a.example/tcp/1', '/dns/b.example/tcp/1'],
}

describe('a request hash', () => {
  it('has this value, for ever', () => {
    expect(requestHash(contact)).toBe(
      '7366661bc81357059edd9bb117e8361178923877cbf93aa822293667cf1143c7',
    )
  })

  it('is the same for a retry: another bootstrapId, another order of fields', () => {
    const identity = { email: 'bob@example.org', name: 'Bob' }
    const again = { ...contact, bootstrapId: 'b-2', secret: 'BAECAwQFBgcICQoLDA0ODw', identity }
    expect(requestHash(again)).toBe(requestHash(contact))
  })

  it('is the same whether or not the sender understands to be asked to wait', () => {
    expect(requestHash({ ...contact, waits: true })).toBe(requestHash(contact))
  })

  it('differs when the request does', () => {
    const others: InboundContact[] = [
      contact,
      { ...contact, partyId: peerIdOfPublicKey(new Uint8Array(32).fill(3)) },
      { ...contact, role: 'foil' },
      { ...contact, identity: { name: 'Bob' } },
      { ...contact, cadre: contact.cadre.toReversed() },
      { ...contact, another: true },
    ]
    expect(new Set(others.map(requestHash)).size).toBe(others.length)
  })

  it('exists for every contact that the codec lets through', () => {
    fc.assert(
      fc.property(message, (any) => {
        if (any.type === 'InboundContact') expect(requestHash(any)).toMatch(/^[0-9a-f]{64}$/)
      }),
    )
  })
})

describe('a message hash', () => {
  it('is the SHA-256 of the bytes', () => {
    expect(messageHash(Buffer.from('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
  })
})
