import type { NetworkNode } from './node.ts'

/** What a node has open at this moment. */
export interface NodeUsage {
  readonly connections: number
  readonly streams: number
  /** Bytes that streams hold unread or unsent. */
  readonly bufferedBytes: number
}

/** Walks all streams: for whoever asks now and then. */
export function nodeUsage(node: NetworkNode): NodeUsage {
  const connections = node.getConnections()
  const streams = connections.flatMap((connection) => connection.streams)
  const bufferedBytes = streams.reduce(
    (sum, { readBufferLength, writeBufferLength }) => sum + readBufferLength + writeBufferLength,
    0,
  )
  return { connections: connections.length, streams: streams.length, bufferedBytes }
}
