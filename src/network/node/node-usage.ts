import { heldBytes } from '../stream/held-bytes.ts'
import type { NetworkNode } from './node.ts'

/** The number of things that a node has open, and what they hold. */
export interface NodeUsage {
  readonly connections: number
  readonly streams: number
  /** Bytes that streams hold unread, unsent, or as part of a frame that is not whole. */
  readonly bufferedBytes: number
}

/** Counts by walking all streams: to be asked now and then. */
export function nodeUsage(node: NetworkNode): NodeUsage {
  const connections = node.getConnections()
  const streams = connections.flatMap((connection) => connection.streams)
  const bufferedBytes = streams.reduce((sum, stream) => sum + heldBytes(stream), 0)
  return { connections: connections.length, streams: streams.length, bufferedBytes }
}
