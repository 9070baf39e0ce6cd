import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, test } from 'vitest'
import { DEFAULT_NETWORK_LIMITS, networkLimits } from '../../../../src/network/base/limits.ts'
import { createDialer } from '../../../../src/network/dial/dial.ts'
import { ProbeConnection } from '../../../../src/network/patch/check-connections.ts'
import { guardedMuxer } from '../../../../src/network/patch/muxer/guarded-muxer.ts'
import { boundedYamux, type YamuxMuxer } from '../../../../src/network/patch/muxer/yamux.ts'
import { muxerMethod } from '../../../support/network/muxer-method.ts'
import {
  bytes,
  dialingNode,
  Ear,
  echo,
  listener,
  patience,
  stopAll,
} from '../../../support/network/two-nodes.ts'
import { yamuxFrame } from '../../../support/network/yamux-frame.ts'

afterEach(stopAll)

type Host = Awaited<ReturnType<typeof listener>>

/** Sends frames of the test's making on a secured connection. */
class FrameSender {
  readonly connection: Connection
  readonly #send: (bytes: Uint8Array) => void

  constructor(connection: Connection) {
    this.connection = connection
    const { muxer, call } = muxerMethod(connection, 'send')
    Reflect.set(muxer, 'onData', () => undefined)
    this.#send = call
  }

  static async begin({ peer }: Host, address: string): Promise<FrameSender> {
    const node = await dialingNode()
    return new FrameSender(await node.dial(multiaddr(`${address}/p2p/${peer}`)))
  }

  /** In one piece. */
  send(frames: readonly Buffer[]): void {
    this.#send(Buffer.concat(frames))
  }

  async ended(): Promise<void> {
    while (this.connection.status === 'open') await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function honest(host: Host): Promise<() => Promise<void>> {
  const guest = createDialer(await dialingNode())
  const transport = await guest.dial(host.peer, [host.tcp], patience())
  const ear = new Ear(transport)
  let count = 0
  return async () => {
    await transport.send(bytes(`still ${++count}`))
    await ear.untilFrames(count)
  }
}

function many(count: number, frame: (index: number) => Buffer): Buffer[] {
  return Array.from({ length: count }, (_, index) => frame(index))
}

const LIMITS = { framesPerTurn: 4, controlFramesAtOnce: 3 }
const WINDOW = DEFAULT_NETWORK_LIMITS.streamBufferBytes

const ENDED: readonly (readonly [string, readonly Buffer[]])[] = [
  ['one sign of life too many', many(LIMITS.controlFramesAtOnce + 1, ping)],
  [
    'a frame one byte longer than a window',
    [newStream(0), yamuxFrame({ type: 0, stream: 1, length: WINDOW + 1 })],
  ],
  ['a frame of no known type', [yamuxFrame({ type: 9, stream: 1 })]],
]

test.each(ENDED)('%s ends that connection alone', async (_, frames) => {
  const host = await listener(echo, LIMITS)
  const goOn = await honest(host)
  const sender = await FrameSender.begin(host, host.tcp)
  sender.send(frames)
  await sender.ended()
  await goOn()
  expect(host.node.getConnections()).toHaveLength(1)
})

test('as many signs of life as may come at once end nothing', async () => {
  const host = await listener(echo, LIMITS)
  const sender = await FrameSender.begin(host, host.tcp)
  sender.send([...many(LIMITS.controlFramesAtOnce, ping), newStream(0)])
  await expect.poll(() => openStreams(host)).toBe(1)
  expect(sender.connection.status).toBe('open')
})

test.each(['tcp', 'ws'] as const)(
  'of more frames over %s than a turn allows, some are taken in each turn',
  async (over) => {
    const host = await listener(echo, LIMITS)
    const goOn = await honest(host)
    const sender = await FrameSender.begin(host, host[over])
    const atFirst = openStreams(host)
    sender.send(many(5 * LIMITS.framesPerTurn, newStream))
    const inEachTurn: number[] = []
    for (let before = atFirst; before < atFirst + 5 * LIMITS.framesPerTurn; ) {
      await new Promise((resolve) => setImmediate(resolve))
      if (openStreams(host) > before) inEachTurn.push(openStreams(host) - before)
      before = openStreams(host)
    }
    expect(inEachTurn.length).toBeGreaterThan(1)
    await goOn()
  },
)

function openStreams({ node }: Host): number {
  return node.getConnections().flatMap(({ streams }) => streams).length
}

test('what a connection holds unsent is bounded', async () => {
  const host = await listener(echo)
  await (await honest(host))()
  expect(host.node.getConnections()[0]).toMatchObject({
    muxer: { maConn: { maxWriteBufferLength: DEFAULT_NETWORK_LIMITS.maxUnsentBytes } },
  })
})

function newStream(index: number): Buffer {
  return yamuxFrame({ type: 1, flag: 1, stream: 2 * index + 1 })
}

function ping(id: number): Buffer {
  return yamuxFrame({ type: 2, flag: 1, stream: 0, length: id })
}

/** A stock factory whose muxers are changed before ours sees them. */
function changedBy(change: (muxer: YamuxMuxer) => void): () => void {
  const limits = networkLimits()
  return guardedMuxer(limits, () => {
    const factory = boundedYamux(limits)()
    const createStreamMuxer = factory.createStreamMuxer.bind(factory)
    factory.createStreamMuxer = (connection) => {
      const muxer = createStreamMuxer(connection)
      change(muxer)
      return muxer
    }
    return factory
  })
}

test('the installed yamux has, and calls, all that is replaced in it', () => {
  expect(changedBy(() => undefined)).not.toThrow()
  const muxer = boundedYamux(networkLimits())().createStreamMuxer(new ProbeConnection())
  const stream = muxer.onCreateStream()
  for (const name of ['recvWindow', 'recvWindowCapacity']) {
    expect(Reflect.get(stream, name)).toBe(WINDOW)
  }
  muxer.abort(new Error('seen'))
})

test.each(['onData', 'onRemoteStream', 'onCreateStream', 'handleStreamMessage'])(
  'a muxer without %s is refused when the node is made',
  (name) => {
    const make = changedBy((muxer) => Reflect.set(muxer, name, undefined))
    expect(make).toThrow(
      expect.objectContaining({
        code: 'dependency_changed',
        package: '@chainsafe/libp2p-yamux',
        version: '8.0.1',
        member: `YamuxMuxer.${name}`,
      }),
    )
  },
)

test.each(['onData', 'sendWindowUpdate', 'recvWindow', 'recvWindowCapacity'])(
  'a muxer whose streams have no %s is refused when the node is made',
  (name) => {
    const make = changedBy((muxer) => {
      const make: (...all: unknown[]) => object = Reflect.get(muxer, '_newStream')
      Reflect.set(muxer, '_newStream', (...all: unknown[]) => {
        const stream = Reflect.apply(make, muxer, all)
        Reflect.set(stream, name, undefined)
        return stream
      })
    })
    expect(make).toThrow(expect.objectContaining({ member: `YamuxStream.${name}` }))
  },
)

test.each(['onData', 'onRemoteStream', 'onCreateStream'] as const)(
  'a muxer that does not call %s any more is refused when the node is made',
  (name) => {
    const make = changedBy((muxer) => {
      const method: unknown = Reflect.get(muxer, name)
      // Whatever is put in its place, the muxer goes on with its own.
      Object.defineProperty(muxer, name, { get: () => method, set: () => undefined })
    })
    expect(make).toThrow(expect.objectContaining({ member: `call of YamuxMuxer.${name}` }))
  },
)
