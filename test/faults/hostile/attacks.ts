import { randomBytes } from 'node:crypto'
import type { Connection, Stream } from '@libp2p/interface'
import type { NetworkNode } from '../../../src/network/node/node.ts'
import { encodeFrame } from '../../../src/protocol/frame/frame-encoder.ts'
import { MAX_JSON_DEPTH } from '../../../src/protocol/json/json-outline.ts'
import { secretToText } from '../../../src/protocol/link/secret.ts'
import { GARBAGE } from './garbage.ts'
import { forEver, overOf, type Target } from './target.ts'

/** Begins, and never ends. `size` is how much of it there is at a time. */
export type Attack = (target: Target, size: number) => Promise<void>

/** Streams of one peer at once. */
const STREAMS_PER_PEER = 50

const BAD_FRAMES: readonly Uint8Array[] = [
  Buffer.of(0),
  Buffer.of(0x81, 0x80, 0x04),
  Buffer.of(0x80, 0x80, 0x80, 0x01),
  encodeFrame(Buffer.from('{"type":"Inspect","secret":{"__proto__":1}}')),
  encodeFrame(Buffer.from('['.repeat(MAX_JSON_DEPTH + 1))),
]

export const ATTACKS = {
  /** Sockets that connect and say nothing. */
  silence: async (target, size) => {
    for (let index = 0; index < size; index += 1) {
      const hold = () =>
        new Promise((resolve) =>
          target
            .socket(index % 2 === 0)
            .resume()
            .on('close', resolve),
        )
      forEver(hold, 100)
    }
  },

  /** Streams of authenticated peers that say one byte a second. */
  drip: async (target, size) => {
    await spread(target, size, async (connection) => {
      const stream = await target.open(connection)
      const bytes = target.inspect()
      let at = 0
      const timer = setInterval(() => {
        if (stream.status === 'open') stream.send(bytes.subarray(at, ++at))
      }, 1_000)
      await overOf(stream)
      clearInterval(timer)
    })
  },

  /** What is no protocol, before, during and after it could have been agreed on. */
  garbage: async (target, size) => {
    const node = await target.peer()
    for (let index = 0; index < size; index += 1) {
      forEver(async () => {
        const socket = target.socket(index % 2 === 0)
        socket.write(GARBAGE[target.blows % GARBAGE.length]?.() ?? '')
        await new Promise((resolve) => socket.resume().on('close', resolve))
      }, 50)
    }
    forEver(async () => {
      const connection = await target.connect(node)
      for (const frame of BAD_FRAMES) (await target.open(connection)).send(frame)
      await connection.close()
    }, 50)
  },

  /** Streams that ask, and then neither go on nor close. */
  stay: async (target, size) => {
    await spread(target, size, async (connection) => {
      const stream = await target.open(connection)
      stream.addEventListener('message', () => undefined)
      stream.send(target.inspect())
      await overOf(stream)
    })
  },

  /** Streams that ask, and read nothing of the answer. */
  deaf: async (target, size) => {
    await spread(target, size, async (connection) => {
      const stream = await target.open(connection)
      void stream.pause()
      stream.send(target.inspect())
      await overOf(stream)
    })
  },

  /** One peer that guesses secrets as fast as it is answered. */
  flood: async (target, size) => {
    const connection = lasting(target, await target.peer())
    const guess = secretToText(randomBytes(16))
    for (let index = 0; index < size; index += 1) {
      forEver(async () => await ask(await target.open(await connection()), target.inspect(guess)))
    }
  },

  /** New peers, each with one guess. */
  newcomers: async (target, size) => {
    for (let index = 0; index < size; index += 1) {
      forEver(async () => {
        const node = await target.peer()
        try {
          const stream = await target.open(await target.connect(node))
          await ask(stream, target.inspect(secretToText(randomBytes(16))))
        } finally {
          await node.stop()
        }
      })
    }
  },

  /** One peer with a good invitation that has as much as it can get of everything. */
  glutton: async (target, size) => {
    const node = await target.peer()
    const partyId = node.peerId.toString()
    const connections = target.connectionsOfPeer
    for (let index = 0; index < connections; index += 1) {
      const connection = lasting(target, node)
      for (let each = 0; each < Math.ceil(size / connections); each += 1) {
        forEver(async () => {
          const stream = await target.open(await connection())
          const isReading = target.blows % 2 === 0
          if (isReading) stream.addEventListener('message', () => undefined)
          stream.send(target.contact(partyId, randomBytes(8).toString('hex')))
          await overOf(stream)
        }, 20)
      }
    }
  },
} as const satisfies Record<string, Attack>

export type AttackName = keyof typeof ATTACKS

/** So many streams at a time, some to each of many peers, each replaced when it ends. */
async function spread(
  target: Target,
  size: number,
  hold: (connection: Connection) => Promise<void>,
): Promise<void> {
  for (let left = size; left > 0; left -= STREAMS_PER_PEER) {
    const node = await target.peer()
    const connection = lasting(target, node)
    for (let index = 0; index < Math.min(left, STREAMS_PER_PEER); index += 1) {
      forEver(async () => await hold(await connection()), 200)
    }
  }
}

/** A connection, made when it is wanted, and again when it is over. */
function lasting(target: Target, node: NetworkNode): () => Promise<Connection> {
  let current: Connection | undefined
  let next: Promise<Connection> | undefined
  return async () => {
    if (current?.status === 'open') return current
    next ??= target.connect(node).finally(() => {
      next = undefined
    })
    current = await next
    return current
  }
}

/** Say it, and wait until the answer is over. */
async function ask(stream: Stream, bytes: Uint8Array): Promise<void> {
  stream.addEventListener('message', () => void stream.close().catch(() => undefined))
  stream.send(bytes)
  await overOf(stream)
}
