import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { NodeCertificateError } from '../../protocol/node/errors.ts'
import { certificateFault } from '../../protocol/node/judge-certificate.ts'
import {
  type NodeCertificate,
  nodeCertificateFromBytes,
} from '../../protocol/node/node-certificate.ts'
import { WrongPeerError } from '../../session/errors.ts'
import type { NetworkLimits } from '../base/limits.ts'
import { generatePrivateKeyBytes, privateKeyFromBytes } from '../identity/identity-key.ts'
import { createDialNode } from '../node/node.ts'
import { stopNode } from '../node/stop-node.ts'
import { createTransport } from '../stream/stream-transport.ts'
import { NODE_PROOF } from '../stream/wire-protocol.ts'
import { openStream } from './open-stream.ts'

/** The party whose node is asked for, and the bounds of the asking. */
export interface AskNodeOptions {
  /** Peer id. */
  readonly party: string
  readonly limits: NetworkLimits
  readonly signal: AbortSignal
}

/**
 * Asks whoever answers at an address for a certificate that it speaks for a party. Done by a node of its own, whose key is
 * used for nothing else: whoever it is learns nothing but that somebody has asked.
 * @param address multiaddr, with the peer id at its end if it is known
 * @returns a certificate that is good now
 * @throws WrongPeerError if there is none; what libp2p throws if nobody answers
 */
export async function askNode(address: string, options: AskNodeOptions): Promise<NodeCertificate> {
  const { limits, signal } = options
  const privateKey = privateKeyFromBytes(generatePrivateKeyBytes())
  const node = await createDialNode({ privateKey, limits })
  try {
    const connection = await node.dial(multiaddr(address), { signal })
    return await certificateOf(connection, options)
  } finally {
    await stopNode(node)
  }
}

async function certificateOf(
  connection: Connection,
  { party, limits, signal }: AskNodeOptions,
): Promise<NodeCertificate> {
  try {
    const certificate = nodeCertificateFromBytes(await hear(connection, limits, signal))
    const node = connection.remotePeer.toString()
    const fault = certificateFault(certificate, { party, node, now: Date.now() })
    if (fault === undefined) return certificate
    throw fault === 'early' || fault === 'lapsed' ? outOfTime(certificate) : uncertified(fault)
  } catch (cause) {
    if (cause instanceof WrongPeerError) throw cause
    if (cause instanceof NodeCertificateError) throw uncertified(cause.problem, cause)
    throw new WrongPeerError('somebody answered who is not the peer in the link', { cause })
  }
}

/** Hears the one frame. @throws Error if there is none in time */
async function hear(
  connection: Connection,
  limits: NetworkLimits,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const stream = await openStream(connection, NODE_PROOF.id, limits, signal)
  const transport = createTransport(stream, connection, limits, NODE_PROOF.codec)
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const nothing = (): void => reject(new Error('it shows no certificate'))
  const timer = setTimeout(nothing, limits.negotiationTimeoutMs)
  signal.addEventListener('abort', nothing)
  transport.listen({ frame: resolve, problem: nothing, ended: nothing, closed: nothing })
  if (signal.aborted) nothing()
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', nothing)
    transport.reset()
  }
}

function outOfTime({ name }: NodeCertificate): WrongPeerError {
  const message = `the certificate of the inviter’s node “${name}” is not good at this time`
  return new WrongPeerError(message, { code: 'node_lapsed' })
}

function uncertified(problem: string, cause?: Error): WrongPeerError {
  const message = `who answered shows a certificate that is not good: ${problem}`
  return new WrongPeerError(message, { code: 'node_uncertified', cause })
}
