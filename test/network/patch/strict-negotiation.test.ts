import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, test } from 'vitest'
import { strictLength } from '../../../src/network/guard/strict-length.ts'
import { STRICT_STREAM, strictNegotiation } from '../../../src/network/patch/strict-negotiation.ts'
import { BOOTSTRAP_PROTOCOL } from '../../../src/network/stream/bootstrap-protocol.ts'
import { dialingNode, echo, listener, stopAll } from '../../support/network/two-nodes.ts'

afterEach(stopAll)

/** A byte list as libp2p's readers have it. */
function list(...bytes: readonly number[]) {
  return { byteLength: bytes.length, get: (index: number) => bytes[index] ?? 0 }
}

test('the installed libp2p hands the decoder of a new stream down to its negotiation', async () => {
  const host = await listener(echo)
  const node = await dialingNode()
  const connection = await node.dial(multiaddr(`${host.tcp}/p2p/${host.peer}`))
  let asked = 0
  const options = {
    ...STRICT_STREAM,
    maxOutboundStreams: 1,
    lengthDecoder: (bytes: Parameters<typeof strictLength>[0]) => {
      asked += 1
      return strictLength(bytes)
    },
  }
  const stream = await connection.newStream([BOOTSTRAP_PROTOCOL], options)
  expect(asked).toBeGreaterThan(0)
  stream.abort(new Error('seen'))
})

test('a negotiation whose reader never asked is one that libp2p did not make strict', () => {
  const { options, assertRead } = strictNegotiation(100)
  expect(assertRead).toThrow(
    expect.objectContaining({ code: 'dependency_changed', package: 'libp2p', version: '3.3.11' }),
  )
  expect(options.lengthDecoder(list(20))).toBe(20)
  expect(assertRead).not.toThrow()
})

test('one byte more than the budget is refused', () => {
  expect(strictNegotiation(21).options.lengthDecoder(list(20))).toBe(20)
  expect(() => strictNegotiation(20).options.lengthDecoder(list(20))).toThrow('too long')
})
