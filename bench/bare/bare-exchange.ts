import type { Stream } from '@libp2p/interface'
import {
  generatePrivateKeyBytes,
  privateKeyFromBytes,
} from '../../src/network/identity/identity-key.ts'
import { createDialNode, createNode, type NetworkNode } from '../../src/network/node/node.ts'
import { Exchange } from '../load/exchange.ts'
import { type BareFrame, wireBytes } from './frames.ts'
import { createPlainNode } from './plain-node.ts'

/**
 * Plays one side of an exchange of messages on a fresh stream: bytes are counted, never looked at.
 * The cost is the one that any protocol on libp2p has.
 * @param upTo messages that are played; the stream stays open if there are more
 */
export function playBare(
  stream: Stream,
  side: BareFrame['from'],
  frames: readonly BareFrame[],
  upTo = frames.length,
): Exchange {
  let position = 0
  let unread = 0
  const advance = (): void => {
    for (let frame = frames[position]; frame && position < upTo; frame = frames[position]) {
      const size = wireBytes(frame)
      if (frame.from === side) stream.send(new Uint8Array(size))
      else if (unread >= size) unread -= size
      else return
      position++
    }
    if (position < frames.length) exchange.pause()
    else exchange.finish()
  }
  const exchange = new Exchange(stream, ({ byteLength }) => {
    unread += byteLength
    advance()
  })
  advance()
  return exchange
}

/** A node for the bare exchange. @param kind `plain`: libp2p as it comes; `tuned`: with all of our settings */
export async function createBareNode(kind: string, listen?: string[]): Promise<NetworkNode> {
  if (kind === 'plain') return await createPlainNode(listen)
  const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
  return await (listen ? createNode({ privateKey, listen }) : createDialNode({ privateKey }))
}
