import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, test } from 'vitest'
import { accessProof } from '../../../src/network/relay/access-proof.ts'
import { requestRelayAccess } from '../../../src/network/relay/request-relay-access.ts'
import {
  ANYBODY,
  NOBODY,
  reserveAt,
  startRelay,
  stockNode,
  stopRelays,
} from '../../support/network/relay-nodes.ts'

afterEach(stopRelays)

const TOKEN = 'a token that was shown once'

async function connected(token: string | undefined) {
  const relay = await startRelay(token === undefined ? ANYBODY : { ...NOBODY, token })
  const node = await stockNode()
  const connection = await node.dial(multiaddr(relay.address))
  return { relay, node, connection, localPeer: node.peerId.toString() }
}

test('whoever proves the token may reserve on that connection', async () => {
  const { relay, node, connection, localPeer } = await connected(TOKEN)
  expect(await requestRelayAccess(connection, TOKEN, { localPeer })).toBe('granted')
  await reserveAt(node, relay.address)
  expect(relay.server.usage.reservations).toBe(1)
})

test('another token is refused, and does not let anybody reserve', async () => {
  const { relay, node, connection, localPeer } = await connected(TOKEN)
  expect(await requestRelayAccess(connection, `${TOKEN}!`, { localPeer })).toBe('refused')
  await expect(reserveAt(node, relay.address)).rejects.toThrow(/PERMISSION_DENIED/)
})

test('the proof of one connection does not serve another one', async () => {
  const { relay, node, connection, localPeer } = await connected(TOKEN)
  expect(await requestRelayAccess(connection, TOKEN, { localPeer })).toBe('granted')
  await connection.close()
  await expect(reserveAt(node, relay.address)).rejects.toThrow(/PERMISSION_DENIED/)
})

test('after some wrong proofs a connection gets no further try', async () => {
  const { connection, localPeer } = await connected(TOKEN)
  for (const word of ['one', 'two', 'three']) {
    expect(await requestRelayAccess(connection, word, { localPeer })).toBe('refused')
  }
  await expect(requestRelayAccess(connection, TOKEN, { localPeer })).rejects.toMatchObject({
    code: 'transport_closed',
  })
})

test('a relay without a token knows no proofs', async () => {
  const { connection, localPeer } = await connected(undefined)
  expect(await requestRelayAccess(connection, TOKEN, { localPeer })).toBe('unsupported')
})

test('a request that was given up ends with its reason', async () => {
  const { connection, localPeer } = await connected(TOKEN)
  const signal = AbortSignal.abort(new Error('given up'))
  await expect(requestRelayAccess(connection, TOKEN, { localPeer, signal })).rejects.toThrow(
    'given up',
  )
})

test('a proof is for one relay, one peer and one nonce', () => {
  const nonce = new Uint8Array(32)
  const ends = { relay: 'R', client: 'C' }
  const proofs = [
    accessProof(TOKEN, ends, nonce),
    accessProof(TOKEN, { ...ends, relay: 'S' }, nonce),
    accessProof(TOKEN, { ...ends, client: 'D' }, nonce),
    accessProof(TOKEN, { relay: 'RC', client: '' }, nonce),
    accessProof(TOKEN, ends, new Uint8Array(32).fill(1)),
    accessProof('another token', ends, nonce),
  ].map((proof) => Buffer.from(proof).toString('hex'))
  expect(new Set(proofs).size).toBe(proofs.length)
})
