import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, test } from 'vitest'
import { AddressRace } from '../../../src/network/base/address-race.ts'
import { dialNodeInstead } from '../../../src/network/patch/dial-node-instead.ts'
import { peerIdOfPublicKey } from '../../../src/protocol/base/peer-id-text.ts'
import { signNodeCertificate } from '../../../src/protocol/node/node-certificate.ts'
import { WrongPeerError } from '../../../src/session/errors.ts'
import { signingKey } from '../../support/signing-key.ts'

const PARTY = signingKey(Buffer.alloc(32, 1))
const NODE = signingKey(Buffer.alloc(32, 2))
const party = peerIdOfPublicKey(PARTY.publicKey)
const node = peerIdOfPublicKey(NODE.publicKey)
const CONTENT = { party, node, name: 'a', serial: 1, validFrom: 0, validUntil: 60 }

test('the question and the connection after it each have the whole time of a connection', async () => {
  const steps: string[] = []
  const certificate = signNodeCertificate(CONTENT, PARTY.sign)
  const race = new AddressRace(undefined, async (address) => {
    steps.push(`ask ${address}`)
    return certificate
  })
  await dialNodeInstead(new WrongPeerError('somebody else'), {
    address: multiaddr(`/ip4/192.0.2.7/tcp/1/p2p/${party}`),
    race,
    signal: new AbortController().signal,
    restart: () => steps.push('restart'),
    dial: async (address) => {
      steps.push(`dial ${address}`)
      return {} as unknown as Connection
    },
  })
  expect(steps).toEqual([
    'restart',
    'ask /ip4/192.0.2.7/tcp/1',
    'restart',
    `dial /ip4/192.0.2.7/tcp/1/p2p/${node}`,
  ])
})
