import { verify } from 'node:crypto'
import { ed25519PublicKey } from '../base/ed25519-key.ts'
import { publicKeyOfPeerId } from '../base/peer-id-text.ts'
import { type NodeCertificate, signatureOf } from './node-certificate.ts'

/** The reasons for which a certificate says nothing for a node. */
export type CertificateFault =
  /** By another party. */
  | 'other_party'
  /** For another node. */
  | 'other_node'
  /** The party has not signed it. */
  | 'forged'
  /** Its time has not come yet, by this computer's clock. */
  | 'early'
  /** Its time is over. */
  | 'lapsed'

/** The party and node that a certificate must be about, and when. */
export interface CertificateQuestion {
  /** Peer id. */
  readonly party: string
  /** Peer id, which the connection has proved. */
  readonly node: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Tells why a certificate does not show that the node speaks for the party now; undefined if it does. */
export function certificateFault(
  certificate: NodeCertificate,
  { party, node, now }: CertificateQuestion,
): CertificateFault | undefined {
  if (certificate.party !== party) return 'other_party'
  if (certificate.node !== node) return 'other_node'
  if (!isSigned(certificate)) return 'forged'
  if (now < certificate.validFrom * 1_000) return 'early'
  return now >= certificate.validUntil * 1_000 ? 'lapsed' : undefined
}

function isSigned(certificate: NodeCertificate): boolean {
  const { signed, signature } = signatureOf(certificate)
  const key = ed25519PublicKey(publicKeyOfPeerId(certificate.party))
  return verify(null, signed, key, signature)
}
