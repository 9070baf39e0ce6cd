import type { Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { HOP_PROTOCOL } from '../../../src/network/circuit/circuit-protocol.ts'
import {
  generatePrivateKeyBytes,
  peerIdOfKeyBytes,
} from '../../../src/network/identity/key-bytes.ts'
import { connectBeyond, reservePlace } from '../../../src/network/relay/ask-relay.ts'
import type { Attack } from './attacks.ts'
import { GARBAGE } from './garbage.ts'
import { forEver, overOf, type Target } from './target.ts'

/** Milliseconds that a request may take. */
const PATIENCE_MS = 10_000

/** A circuit whose bytes are the attacker's own, from a peer that nobody knows yet. */
async function bareCircuit(target: Target, use: (stream: Stream) => unknown): Promise<void> {
  const node = await target.peer()
  try {
    const relay = await node.dial(multiaddr(target.relay))
    const peer = peerIdFromString(target.peerId)
    const { stream } = await connectBeyond(relay, peer, AbortSignal.timeout(PATIENCE_MS))
    target.blows += 1
    await use(stream)
    await overOf(stream)
  } finally {
    await node.stop()
  }
}

/** Those that need a relay: at it, or with what only a relay lets through. */
export const RELAY_ATTACKS = {
  /** Circuits on which nothing is said. */
  mute: async (target, size) => {
    for (let index = 0; index < size; index += 1) {
      forEver(async () => await bareCircuit(target, () => undefined), 100)
    }
  },

  /** Circuits on which comes what is no protocol. */
  rubbish: async (target, size) => {
    for (let index = 0; index < size; index += 1) {
      forEver(
        async () =>
          await bareCircuit(target, (stream) =>
            stream.send(GARBAGE[target.blows % GARBAGE.length]?.() ?? new Uint8Array(1)),
          ),
        50,
      )
    }
  },

  /** Peers that ask for one who has no place, as fast as they are answered; cut off, they come again. */
  knocks: async (target, size) => {
    const absent = peerIdFromString(peerIdOfKeyBytes(generatePrivateKeyBytes()))
    for (let index = 0; index < size; index += 1) {
      const node = await target.peer()
      forEver(async () => {
        const relay = await node.dial(multiaddr(target.relay))
        target.blows += 1
        await connectBeyond(relay, absent, AbortSignal.timeout(PATIENCE_MS)).catch(() => undefined)
      }, 1)
    }
  },

  /** New peers that take a place and leave. */
  squatters: async (target, size) => {
    for (let index = 0; index < size; index += 1) {
      forEver(async () => {
        const node = await target.peer()
        try {
          const relay = await node.dial(multiaddr(target.relay))
          await reservePlace(relay, AbortSignal.timeout(PATIENCE_MS))
          target.blows += 1
        } finally {
          await node.stop()
        }
      })
    }
  },

  /** Requests of which one byte comes each second. */
  halves: async (target, size) => {
    const node = await target.peer()
    for (let index = 0; index < size; index += 1) {
      forEver(async () => {
        const relay = await node.dial(multiaddr(target.relay))
        const stream = await relay.newStream(HOP_PROTOCOL, { maxOutboundStreams: 4_096 })
        target.blows += 1
        const timer = setInterval(() => {
          if (stream.status === 'open') stream.send(Uint8Array.of(0x7f))
        }, 1_000)
        await overOf(stream)
        clearInterval(timer)
      }, 200)
    }
  },
} as const satisfies Record<string, Attack>

export type RelayAttackName = keyof typeof RELAY_ATTACKS
