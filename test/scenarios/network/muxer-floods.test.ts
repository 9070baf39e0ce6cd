import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, expect, test } from 'vitest'
import { DEFAULT_NETWORK_LIMITS } from '../../../src/network/base/limits.ts'
import { createDialer } from '../../../src/network/dial/dial.ts'
import {
  bytes,
  dialingNode,
  Ear,
  echo,
  listener,
  patience,
  stopAll,
} from '../../support/network/two-nodes.ts'
import { yamuxFrame } from '../../support/network/yamux-frame.ts'

afterEach(stopAll)

type Host = Awaited<ReturnType<typeof listener>>

/** Sends frames of the test's making on a secured connection. */
class Flooder {
  readonly connection: Connection
  readonly #send: (bytes: Uint8Array) => void

  constructor(connection: Connection) {
    this.connection = connection
    const muxer: unknown = Reflect.get(connection, 'muxer')
    if (typeof muxer !== 'object' || muxer === null) throw new TypeError('no muxer')
    const send: unknown = Reflect.get(muxer, 'send')
    if (typeof send !== 'function') throw new TypeError('it sends nothing')
    Reflect.set(muxer, 'onData', () => undefined)
    // It is bounded as ours are, and must not be.
    const below: unknown = Reflect.get(muxer, 'maConn')
    if (typeof below === 'object' && below !== null) {
      Reflect.set(below, 'maxWriteBufferLength', Number.POSITIVE_INFINITY)
    }
    this.#send = (bytes) => void Reflect.apply(send, muxer, [bytes])
  }

  static async begin({ peer }: Host, address: string): Promise<Flooder> {
    const node = await dialingNode()
    return new Flooder(await node.dial(multiaddr(`${address}/p2p/${peer}`)))
  }

  /** In one piece: what the receiver has to work off at once. */
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

const ENDED: readonly (readonly [string, readonly Buffer[]])[] = [
  ['questions for signs of life', many(4_000, (id) => ping(id))],
  ['a frame of 4 GiB', [newStream(0), yamuxFrame({ type: 0, stream: 1, length: 0xffff_fff0 })]],
  ['frames of no known type', many(5, () => yamuxFrame({ type: 9, stream: 1 }))],
]

test.each(ENDED)('%s end that connection alone', async (_, frames) => {
  const host = await listener(echo)
  const goOn = await honest(host)
  const flooder = await Flooder.begin(host, host.tcp)
  flooder.send(frames)
  await flooder.ended()
  await goOn()
  expect(host.node.getConnections()).toHaveLength(1)
})

test.each(['tcp', 'ws'] as const)(
  'new streams by the thousand over %s are taken a few in a turn',
  async (over) => {
    const host = await listener(echo)
    const goOn = await honest(host)
    const flooder = await Flooder.begin(host, host[over])
    flooder.send(many(8_000, newStream))
    let [before, most] = [openStreams(host), 0]
    while (openStreams(host) < 2_000) {
      await new Promise((resolve) => setImmediate(resolve))
      most = Math.max(most, openStreams(host) - before)
      before = openStreams(host)
    }
    // What one turn allows, and what comes directly before and after it.
    expect(most).toBeLessThan(1_000)
    await goOn()
  },
)

function openStreams({ node }: Host): number {
  return node.getConnections().flatMap(({ streams }) => streams).length
}

// Seen to be cut off by it: an answer has 30 bytes, and the system's own buffers take 200,000 of them first.
test('what a connection holds unsent is bounded', async () => {
  const host = await listener(echo)
  await (await honest(host))()
  const [connection] = host.node.getConnections()
  const below: unknown = Reflect.get(Reflect.get(connection ?? {}, 'muxer') ?? {}, 'maConn')
  expect(below).toMatchObject({ maxWriteBufferLength: DEFAULT_NETWORK_LIMITS.maxUnsentBytes })
})

function newStream(index: number): Buffer {
  return yamuxFrame({ type: 1, flag: 1, stream: 2 * index + 1 })
}

function ping(id: number): Buffer {
  return yamuxFrame({ type: 2, flag: 1, stream: 0, length: id })
}
