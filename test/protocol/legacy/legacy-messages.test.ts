import { expect, test } from 'vitest'
import { MessageError } from '../../../src/protocol/errors.ts'
import { contactOfLegacy } from '../../../src/protocol/legacy/legacy-inviter.ts'
import {
  type LegacyContact,
  parseLegacyInvitee,
  parseLegacyResponse,
} from '../../../src/protocol/legacy/legacy-messages.ts'
import { encodeMessage } from '../../../src/protocol/message/message-codec.ts'

const CONTACT: LegacyContact = {
  token: 'stock.AwMDAwMDAwMDAwMDAwMDAw',
  partyId: 'olga',
  identityBundle: { name: 'Olga' },
  cadrePeerAddrs: ['/ip4/192.0.2.7/tcp/1'],
}
const PEER = '12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN'

function parsed(message: object) {
  return parseLegacyInvitee(Buffer.from(JSON.stringify(message)))
}

test('a message of an invitee is a contact, or with a tally a result', () => {
  expect(parsed({ ...CONTACT, more: 1 })).toEqual({ kind: 'contact', contact: CONTACT })
  const database = {
    tally: { tallyId: 't', createdBy: 'foil' },
    dbConnectionInfo: { endpoint: 'e', credentialsRef: 'r' },
  }
  expect(parsed(database)).toEqual({ kind: 'database', database })
})

test.each([
  [{ ...CONTACT, token: undefined }, 'token'],
  [{ ...CONTACT, identityBundle: [] }, 'identityBundle'],
  [{ ...CONTACT, cadrePeerAddrs: Array(65).fill('/ip4/192.0.2.7/tcp/1') }, 'cadrePeerAddrs'],
  [{ tally: { tallyId: 'a b', createdBy: 'foil' } }, 'tally'],
])('%j is no message: %s', (message, path) => {
  expect(() => parsed(message)).toThrow(expect.objectContaining({ name: MessageError.name, path }))
})

test('an inviter’s answer is read without what it does not need', () => {
  const answer = { approved: true, partyId: 'ivan', provisionResult: undefined, more: [] }
  expect(parseLegacyResponse(Buffer.from(JSON.stringify(answer)))).toEqual({
    approved: true,
    partyId: 'ivan',
  })
})

test('a contact stands for a request of the peer that the connection proves', () => {
  const { identity, partyId, role, cadre } = contactOfLegacy(CONTACT, PEER)
  expect({ identity, partyId, role, cadre }).toEqual({
    identity: { name: 'Olga', 'x-party-id': 'olga' },
    partyId: PEER,
    role: 'stock',
    cadre: ['/ip4/192.0.2.7/tcp/1'],
  })
})

test('a label that is the peer id, or is empty, is not kept', () => {
  for (const label of [PEER, ''])
    expect(contactOfLegacy({ ...CONTACT, partyId: label }, PEER).identity).toEqual({ name: 'Olga' })
})

test('what a peer discloses under the label’s name is its own', () => {
  const identityBundle = { 'x-party-id': 'mine' }
  expect(contactOfLegacy({ ...CONTACT, identityBundle }, PEER).identity).toEqual(identityBundle)
})

test('values of a bundle that are no text are kept as JSON, and bad addresses are not kept', () => {
  const contact = {
    ...CONTACT,
    identityBundle: { age: 40, home: { city: 'Ulm' } },
    cadrePeerAddrs: ['nowhere', '/ip4/192.0.2.7/tcp/1'],
  }
  const { identity, cadre } = contactOfLegacy(contact, PEER)
  expect(identity).toMatchObject({ age: '40', home: '{"city":"Ulm"}' })
  expect(cadre).toEqual(['/ip4/192.0.2.7/tcp/1'])
})

test('the same contact of the same peer is the same request, and no other is', () => {
  const id = (contact: LegacyContact, peer = PEER) => contactOfLegacy(contact, peer).bootstrapId
  const first = id(CONTACT)
  expect(id({ ...CONTACT })).toBe(first)
  const other = '12D3KooWHFrmLWTTDD4NodngtRMEVYgxrsDMp4F9iSwYntZ9WjHa'
  const token = 'stock.BAQEBAQEBAQEBAQEBAQEBA'
  const others = [
    id(CONTACT, other),
    id({ ...CONTACT, identityBundle: {} }),
    id({ ...CONTACT, token }),
  ]
  expect(new Set([first, ...others]).size).toBe(4)
})

test('a contact is a message of today', () => {
  expect(() => encodeMessage(contactOfLegacy(CONTACT, PEER))).not.toThrow()
})
