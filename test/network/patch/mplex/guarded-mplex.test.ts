import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { expect, test } from 'vitest'
import { DEFAULT_NETWORK_LIMITS, networkLimits } from '../../../../src/network/base/limits.ts'
import { PatchedInternalsError } from '../../../../src/network/errors.ts'
import { guardedMplex } from '../../../../src/network/patch/mplex/guarded-mplex.ts'
import { boundedMplex } from '../../../../src/network/patch/mplex/mplex.ts'
import { OlderInvitee } from '../../../support/legacy/older-invitee.ts'
import { olderNode } from '../../../support/legacy/older-node.ts'
import { TodaysInviter } from '../../../support/legacy/todays-inviter.ts'
import { muxerMethod } from '../../../support/network/muxer-method.ts'
import { Invitee } from '../../../support/service/inviter-and-invitee.ts'

const { streamBufferBytes, maxUnnegotiatedBytes } = DEFAULT_NETWORK_LIMITS

/** A message's head: stream 1, its type, and the length of the data in three bytes. */
function head(type: number, length: number): Uint8Array {
  return Uint8Array.of(
    8 + type,
    (length & 0x7f) | 0x80,
    ((length >> 7) & 0x7f) | 0x80,
    length >> 14,
  )
}

const OPEN = Uint8Array.of(8, 1, 0x31)

async function connected(inviter: TodaysInviter): Promise<Connection> {
  const node = await olderNode()
  const addresses = inviter.node.getMultiaddrs().map((each) => multiaddr(each.toString()))
  return await node.dial(addresses)
}

/** Sends bytes of the test's making in the place of the muxer. */
function sends(connection: Connection, bytes: Uint8Array): void {
  const { muxer, call } = muxerMethod(connection, 'send')
  Reflect.set(muxer, 'onData', () => undefined)
  call(bytes)
}

async function ended(connection: Connection): Promise<void> {
  while (connection.status === 'open') await new Promise((resolve) => setTimeout(resolve, 5))
}

test.each([
  ['of no type', Uint8Array.of(8 + 7, 0)],
  ['one byte longer than a stream’s buffer', head(2, streamBufferBytes + 1)],
  ['with a name that is one byte too long', head(0, 129)],
])('a message %s ends that connection alone', async (_, bytes) => {
  const inviter = await TodaysInviter.start()
  const connection = await connected(inviter)
  sends(connection, bytes)
  await ended(connection)
  const { older } = inviter.invite()
  await (await OlderInvitee.start()).redeem(older)
})

test('a stream that says too much before it has a protocol is cut off, and its connection goes on', async () => {
  const inviter = await TodaysInviter.start()
  const connection = await connected(inviter)
  const [theirs] = inviter.node.getConnections()
  const length = maxUnnegotiatedBytes + 1
  sends(connection, Buffer.concat([OPEN, head(2, length), Buffer.alloc(length)]))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(theirs?.streams ?? []).toEqual([])
  expect(connection.status).toBe('open')
})

test('one stream more than may be opened in a second ends that connection, on both sides', async () => {
  const inviter = await TodaysInviter.start()
  const connection = await connected(inviter)
  const [theirs] = inviter.node.getConnections()
  const opening = Array.from({ length: 65 }, (_, id) =>
    Buffer.of((id << 3) | 0x80, id >> 4, 1, 0x30),
  )
  sends(connection, Buffer.concat(opening))
  await ended(connection)
  expect(theirs?.status).not.toBe('open')
})

test('many streams, one after the other, are served', async () => {
  const inviter = await TodaysInviter.start()
  const invitee = await OlderInvitee.start()
  const connection = await invitee.connect(inviter.invite().older)
  for (let count = 0; count < 20; count += 1) {
    const { older } = inviter.invite()
    expect(await invitee.ask(connection, invitee.message(older))).toMatchObject({ approved: true })
  }
})

test.each(['onRemoteStream', 'onData'])(
  'a mplex that does not call %s any more is noticed',
  (name) => {
    const limits = networkLimits()
    const make = () => {
      const factory = boundedMplex(limits)()
      const create = factory.createStreamMuxer.bind(factory)
      factory.createStreamMuxer = (connection) => {
        const muxer = create(connection)
        const method: unknown = Reflect.get(muxer, name)
        // What is put in its place is called by nobody.
        Object.defineProperty(muxer, name, { get: () => method, set: () => undefined })
        return muxer
      }
      return factory
    }
    expect(() => guardedMplex(limits, make)()).toThrow(PatchedInternalsError)
  },
)

test('yamux is what a peer gets that has both', async () => {
  const inviter = await TodaysInviter.start()
  await new Invitee().redeem(inviter.invite().link)
  const connections = inviter.node.getConnections()
  expect(connections.map(({ multiplexer }) => multiplexer)).toEqual(
    connections.map(() => '/yamux/1.0.0'),
  )
})
