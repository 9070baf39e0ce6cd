import type { Connection, Stream } from '@libp2p/interface'
import type { NodeCertificate } from '../../protocol/node/node-certificate.ts'
import type { Transport } from '../../session/ports/transport.ts'
import type { NetworkLimits } from '../base/limits.ts'
import { networkLimits } from '../base/limits.ts'
import { createTransport, type StreamTransport } from '../stream/stream-transport.ts'
import {
  ANSWER_LINE,
  BOOTSTRAP,
  NODE_PROOF,
  TALLY_SYNC,
  type WireProtocol,
} from '../stream/wire-protocol.ts'
import type { NetworkNode } from './node.ts'

/** Streams of the sync on one connection: all of a pair's tallies go over one, and its successor may come early. */
const MAX_SYNC_STREAMS = 4

/** Proofs on one connection: one is enough. */
const MAX_PROOF_STREAMS = 2

/** Answer lines on one connection: one is enough, and its successor may come early. */
const MAX_LINE_STREAMS = 2

/**
 * Hands every inbound bootstrap stream to `accept`, as a transport. If `accept` throws, that stream is reset,
 * and nothing else is harmed.
 * @returns stops accepting new streams; those open go on
 */
export async function serveBootstrap(
  node: NetworkNode,
  accept: (transport: Transport) => void,
  overrides: Partial<NetworkLimits> = {},
): Promise<() => Promise<void>> {
  return await serveStreams(node, BOOTSTRAP, accept, networkLimits(overrides))
}

/** Hands every inbound stream of the tallies' sync to `accept`, as `serveBootstrap` does with its own. */
export async function serveTallySync(
  node: NetworkNode,
  accept: (transport: Transport) => void,
  overrides: Partial<NetworkLimits> = {},
): Promise<() => Promise<void>> {
  const maxStreamsPerConnection = MAX_SYNC_STREAMS
  return await serveStreams(node, TALLY_SYNC, accept, {
    ...networkLimits(overrides),
    maxStreamsPerConnection,
  })
}

/** Hands every inbound line of somebody who waits for an answer to `accept`, as `serveBootstrap` does with its own. */
export async function serveAnswerLines(
  node: NetworkNode,
  accept: (transport: Transport) => void,
  overrides: Partial<NetworkLimits> = {},
): Promise<() => Promise<void>> {
  const maxStreamsPerConnection = MAX_LINE_STREAMS
  return await serveStreams(node, ANSWER_LINE, accept, {
    ...networkLimits(overrides),
    maxStreamsPerConnection,
  })
}

/**
 * Shows a certificate to everybody who asks for it.
 * @param certificate asked for anew each time; undefined: there is none just now
 * @returns as `serveBootstrap`
 */
export async function serveNodeProof(
  node: NetworkNode,
  certificate: () => NodeCertificate | undefined,
  overrides: Partial<NetworkLimits> = {},
): Promise<() => Promise<void>> {
  const limits = { ...networkLimits(overrides), maxStreamsPerConnection: MAX_PROOF_STREAMS }
  return await serveStreams(node, NODE_PROOF, (transport) => show(transport, certificate()), limits)
}

function show(transport: Transport, certificate: NodeCertificate | undefined): void {
  const refuse = (): void => transport.reset()
  if (certificate === undefined) return refuse()
  // Whoever asks has nothing to say.
  transport.listen({
    frame: refuse,
    problem: refuse,
    ended: () => undefined,
    closed: () => undefined,
  })
  transport.send(certificate.bytes).then(() => void transport.close(), refuse)
}

/** Hands every inbound stream of a protocol to `accept`. @returns as `serveBootstrap` */
export async function serveStreams(
  node: NetworkNode,
  { id, codec }: WireProtocol,
  accept: (transport: StreamTransport, connection: Connection) => void,
  limits: NetworkLimits,
): Promise<() => Promise<void>> {
  const handler = (stream: Stream, connection: Connection): void => {
    // Ended by the other side in the very frame that opened it.
    if (stream.status !== 'open') return
    const transport = createTransport(stream, connection, limits, codec)
    try {
      accept(transport, connection)
    } catch {
      transport.reset()
    }
  }
  await node.handle(id, handler, {
    maxInboundStreams: limits.maxStreamsPerConnection,
    maxOutboundStreams: limits.maxStreamsPerConnection,
    // An exchange is some KB and seconds, and any relay carries more.
    runOnLimitedConnection: true,
  })
  return async () => await node.unhandle(id)
}
