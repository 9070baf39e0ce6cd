import type { Connection } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { splitNodeAddress } from '../../protocol/link/node-address.ts'
import type { AskNode } from '../base/address-race.ts'
import type { NetworkLimits } from '../base/limits.ts'
import { noteCertificate } from '../base/party-of.ts'
import { RaceLostError, raceAttempts } from '../base/race-attempts.ts'
import type { NetworkNode } from '../node/node.ts'

/** The addresses of a party, by who is to answer there. */
export interface PartyAddresses {
  /** The party itself, or any node of its. Multiaddrs without peer id. */
  readonly any: readonly string[]
  /** One certain node, beyond a relay, which must be told whom to connect to. Multiaddrs with the node's id. */
  readonly named: readonly string[]
}

/** Sorts the addresses of a party. */
export function partyAddresses(party: string, addresses: readonly string[]): PartyAddresses {
  const all = addresses.map((text) => {
    const { address, node } = splitNodeAddress(text)
    return node === party ? address : text
  })
  const isNamed = (text: string): boolean => splitNodeAddress(text).node !== undefined
  return { any: all.filter((text) => !isNamed(text)), named: all.filter(isNamed) }
}

/** The parts by which named nodes are dialled, and the way to all others. */
export interface DialNodes {
  readonly node: NetworkNode
  readonly limits: NetworkLimits
  readonly signal: AbortSignal
  readonly askNode: AskNode
  /** Dials the addresses at which any node may answer; undefined if there are none. */
  readonly dialAny: ((signal: AbortSignal) => Promise<Connection>) | undefined
  /** Hears of each named address that is tried, without the node's id. */
  trying(address: string): void
}

/**
 * Connects to the first node that answers and proves to be one of the party's: those that need no relay have a head start.
 * @param named at least one
 * @throws AggregateError of what each dial failed by
 */
export async function dialNodes(named: readonly string[], parts: DialNodes): Promise<Connection> {
  const { dialAny, limits, signal } = parts
  const dials = named.map((text) => (late: AbortSignal) => dialNamed(text, parts, late))
  try {
    return await raceAttempts(
      [...(dialAny === undefined ? [] : [dialAny]), ...dials].map((run) => ({
        run,
        isTaken: () => false,
      })),
      {
        staggerMs: limits.relayHeadStartMs,
        takenStaggerMs: limits.takenDialStaggerMs,
        signal,
        discard: (connection) => connection.abort(new Error('another node was faster')),
      },
    )
  } catch (error) {
    throw error instanceof RaceLostError ? allFailures(error) : error
  }
}

/** The failures of all addresses, as one dial of them all would have them. */
function allFailures(lost: RaceLostError): AggregateError {
  const failures: unknown[] = [...lost.failures.values()]
  const all = failures.flatMap((each) => (each instanceof AggregateError ? each.errors : [each]))
  return new AggregateError(all, 'no node of the party answered', { cause: lost })
}

/** Nothing is told to the node before it has shown its certificate to a stranger. */
async function dialNamed(
  text: string,
  { node, askNode, trying }: DialNodes,
  signal: AbortSignal,
): Promise<Connection> {
  trying(splitNodeAddress(text).address)
  const certificate = await askNode(text, signal)
  const connection = await node.dial(multiaddr(text), { signal })
  noteCertificate(connection, certificate)
  return connection
}
