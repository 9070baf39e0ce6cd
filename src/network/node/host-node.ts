import type { Connection, NetworkNode, Stream } from './node.ts'

// A host's libp2p may be of another version than ours, whose types differ in what we do not use: classes and symbols of
// its own. So a host's things are asked only for the members that they are told apart by from other things.

/** Anything that can be called with the right arguments. */
type Method = (...args: never[]) => unknown

/** A libp2p node of a host: of libp2p 3, from whichever copy. */
export interface HostNode {
  readonly peerId: { readonly type: string; toString(): string }
  readonly handle: Method
  readonly unhandle: Method
  readonly dial: Method
  readonly getConnections: Method
  readonly getMultiaddrs: Method
}

/** A stream that came in at such a node. */
export interface HostStream {
  readonly send: Method
  readonly abort: Method
  readonly close: Method
  readonly addEventListener: Method
  readonly readStatus: string
}

/** The connection that it runs on. */
export interface HostConnection {
  readonly remotePeer: { toString(): string }
  readonly remoteAddr: { toString(): string }
}

export function nodeOf(node: HostNode): NetworkNode {
  return node as NetworkNode
}

export function streamOf(stream: HostStream): Stream {
  return stream as Stream
}

export function connectionOf(connection: HostConnection): Connection {
  return connection as Connection
}
