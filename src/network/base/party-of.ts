import type { Connection } from '@libp2p/interface'
import type { NodeCertificate } from '../../protocol/node/node-certificate.ts'

/** Of each connection to a node that has shown one, which was found good. */
const certificates = new WeakMap<Connection, NodeCertificate>()

/** Notes by which certificate the other side of a connection speaks for its party; it was judged before. */
export function noteCertificate(connection: Connection, certificate: NodeCertificate): void {
  certificates.set(connection, certificate)
}

/**
 * The peer id of the party that the other side of a connection speaks for now: its own, unless it is a node whose certificate
 * is still good.
 */
export function partyOf(connection: Connection): string {
  const certificate = certificates.get(connection)
  if (certificate !== undefined && Date.now() < certificate.validUntil * 1_000)
    return certificate.party
  return connection.remotePeer.toString()
}
