import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { PeerUnreachableError, WrongPeerError } from '../../session/errors.ts'
import { toError } from '../base/to-error.ts'
import { generatePrivateKeyBytes, privateKeyFromBytes } from '../identity/identity-key.ts'
import { createDialNode } from '../node/node.ts'
import { stopNode } from '../node/stop-node.ts'
import { dialFailure } from './dial-failure.ts'

/** The result of trying one address. */
export interface Probe {
  readonly address: string
  /** Why the peer could not be met there, in words. Absent: it was. */
  readonly problem?: string
}

/**
 * Tries each address as a stranger would, with a key that is used for nothing else: is the peer there?
 * @param timeoutMs for each of them; they are tried at the same time
 * @throws libp2p's error for a text that is no multiaddr
 */
export async function probeAddresses(
  peer: string,
  addresses: readonly string[],
  timeoutMs: number,
): Promise<readonly Probe[]> {
  return await Promise.all(addresses.map((address) => probe(peer, address, timeoutMs)))
}

/** Tries one address with a node of its own, because one node joins all its dials to one peer. */
async function probe(peer: string, address: string, timeoutMs: number): Promise<Probe> {
  const target = multiaddr(address).encapsulate(`/p2p/${peerIdFromString(peer).toString()}`)
  const node = await createDialNode({ privateKey: privateKeyFromBytes(generatePrivateKeyBytes()) })
  const own = new AbortController()
  const timer = setTimeout(() => own.abort(), timeoutMs)
  try {
    const connection = await node.dial(target, { signal: own.signal })
    await connection.close({ signal: own.signal })
    return { address }
  } catch (thrown) {
    return { address, problem: own.signal.aborted ? 'no answer in time' : inWords(address, thrown) }
  } finally {
    clearTimeout(timer)
    await stopNode(node)
  }
}

function inWords(address: string, thrown: unknown): string {
  const failure = dialFailure([address], toError(thrown))
  if (failure instanceof WrongPeerError) return 'somebody else answers there'
  const [attempt] = failure instanceof PeerUnreachableError ? failure.attempts : []
  return attempt?.problem ?? failure.message
}
