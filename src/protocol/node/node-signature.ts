import { NodeCertificateError } from './errors.ts'
import { certificateFault } from './judge-certificate.ts'
import {
  MAX_CERTIFICATE_BYTES,
  type NodeCertificate,
  nodeCertificateFromBytes,
} from './node-certificate.ts'

/** Bytes of a signature, Ed25519. */
const SIGNATURE_BYTES = 64

/** Characters of a signature with the longest certificate behind it. */
export const MAX_SIGNATURE_CHARACTERS = Math.ceil(
  ((SIGNATURE_BYTES + MAX_CERTIFICATE_BYTES) * 4) / 3,
)

/** A node's signature in the name of its party. */
export interface NodeSignature {
  /** Ed25519 with the node's key. */
  readonly signature: Uint8Array
  /** By which it may sign. */
  readonly certificate: NodeCertificate
}

/** Writes a node's signature in the name of its party: the certificate stands right behind it. */
export function nodeSignatureBytes({ signature, certificate }: NodeSignature): Uint8Array {
  return Buffer.concat([signature, certificate.bytes])
}

/** Reads such bytes; undefined if they are none. Judges nothing. */
export function nodeSignatureIn(bytes: Uint8Array): NodeSignature | undefined {
  try {
    const certificate = nodeCertificateFromBytes(bytes.subarray(SIGNATURE_BYTES))
    return { signature: bytes.subarray(0, SIGNATURE_BYTES), certificate }
  } catch (error) {
    if (error instanceof NodeCertificateError) return undefined
    throw error
  }
}

/** True of a text that may be a signature in the name of a party, with a certificate behind it or without, in its one spelling. */
export function isSignatureText(text: string): boolean {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) return false
  return bytes.length === SIGNATURE_BYTES || nodeSignatureIn(bytes) !== undefined
}

/**
 * True if a node could sign for its party at that time. When the certificate begins does not count: what was promised before
 * may be signed under the next certificate.
 * @param party peer id
 * @param at milliseconds since the epoch
 */
export function mayNodeSign({ certificate }: NodeSignature, party: string, at: number): boolean {
  const { node, validFrom, validUntil } = certificate
  const fault = certificateFault(certificate, { party, node, now: validFrom * 1_000 })
  return fault === undefined && at < validUntil * 1_000
}
