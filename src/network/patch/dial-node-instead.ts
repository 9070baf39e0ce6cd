import type { Connection } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import { isRelayed } from '../../protocol/link/link-address.ts'
import { WrongPeerError } from '../../session/errors.ts'
import type { AddressRace } from '../base/address-race.ts'
import { noteCertificate } from '../base/party-of.ts'

/** The dial of an address at which somebody else has answered. */
export interface MetSomebodyElse {
  readonly address: Multiaddr
  readonly race: AddressRace | undefined
  readonly signal: AbortSignal
  /** Gives the next connection as much time as the first one had: a slow line is no reason to miss a node. */
  restart(): void
  /** Dials as before. */
  dial(address: Multiaddr): Promise<Connection>
}

/**
 * Connects to a node of the pinned peer's, where it is one that has answered: it shows a certificate by that peer's key. Until
 * then it has learned nothing: noise names this side only to whoever has proved to be the one that was pinned.
 * @param error of the dial that had the peer itself pinned
 * @throws WrongPeerError if it is no such node; the error itself if it means something else
 */
export async function dialNodeInstead(
  error: unknown,
  { address, race, signal, restart, dial }: MetSomebodyElse,
): Promise<Connection> {
  const text = address.toString()
  const askNode = race?.askNode
  // Behind a relay nobody else can answer: it connects to the peer that it was told.
  if (!(error instanceof WrongPeerError) || askNode === undefined || isRelayed(text)) throw error
  const bare = text.replace(/\/p2p\/[^/]+$/, '')
  restart()
  const certificate = await askNode(bare, signal).catch((cause: unknown) => {
    // One who was there a moment ago, and does not answer to a stranger.
    throw cause instanceof WrongPeerError || signal.aborted ? cause : error
  })
  restart()
  const connection = await dial(multiaddr(`${bare}/p2p/${certificate.node}`))
  noteCertificate(connection, certificate)
  return connection
}
