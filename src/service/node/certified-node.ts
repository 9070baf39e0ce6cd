import { signWithKeyBytes } from '../../network/identity/key-bytes.ts'
import { certificateFault } from '../../protocol/node/judge-certificate.ts'
import {
  type NodeCertificate,
  nodeCertificateFromText,
  nodeCertificateToText,
} from '../../protocol/node/node-certificate.ts'
import { nodeSignatureBytes } from '../../protocol/node/node-signature.ts'
import {
  readCertificateFile,
  writeCertificateFile,
} from '../../store/directory/certificate-file.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import { ownerOfStoreIn } from '../../store/transaction/store-owner.ts'
import { NodeDirectoryError } from '../errors.ts'

/** How long the file is not looked at again, ms: a renewed certificate is shown soon, and whoever asks often costs nothing. */
const LOOK_AGAIN_MS = 2_000

/** A data directory's part as a node of a party: its key is the node's own, and a certificate by the party's is in it. */
export class CertifiedNode {
  /** Peer id of the party. */
  readonly party: string
  readonly #directory: DataDirectory
  #shown: NodeCertificate | undefined
  /** The last that was there. */
  #last: NodeCertificate
  /** When the file was read, monotonic ms. */
  #readAt: number

  constructor(directory: DataDirectory, certificate: NodeCertificate) {
    this.party = certificate.party
    this.#directory = directory
    this.#shown = certificate
    this.#last = certificate
    this.#readAt = performance.now()
  }

  /** Makes what signs in the party's name. @param key the node's private key, as in the key file @throws IdentityKeyError */
  signer(key: Uint8Array): (bytes: Uint8Array) => Uint8Array {
    const sign = signWithKeyBytes(key)
    return (bytes) => {
      // Without one a session of before is answered as far as it goes.
      this.#last = this.certificate() ?? this.#last
      return nodeSignatureBytes({ signature: sign(bytes), certificate: this.#last })
    }
  }

  /** The certificate as it is in the directory now; undefined if there is none any more, or another party's. */
  certificate(): NodeCertificate | undefined {
    const now = performance.now()
    if (now - this.#readAt < LOOK_AGAIN_MS) return this.#shown
    this.#readAt = now
    const found = tryRead(this.#directory)
    this.#shown = found?.party === this.party ? found : undefined
    return this.#shown
  }
}

/** Writes a certificate as it is handed on, and kept. */
export function certificateText(certificate: NodeCertificate): string {
  return nodeCertificateToText(certificate)
}

/**
 * Opens a data directory's part as a node.
 * @param peerId of the directory's own key
 * @returns undefined if the directory is that of a party itself
 * @throws NodeCertificateError if the file holds none; NodeDirectoryError if it is for another key; DataDirectoryError
 */
export function openCertifiedNode(
  directory: DataDirectory,
  peerId: string,
): CertifiedNode | undefined {
  const certificate = read(directory)
  if (certificate === undefined) return undefined
  checkFor(certificate, peerId)
  return new CertifiedNode(directory, certificate)
}

/**
 * Makes a directory that of a node, or renews the certificate of one, also in the place of one that was lost or damaged.
 * @param peerId of the directory's own key
 * @throws NodeCertificateError, NodeDirectoryError, DataDirectoryError, StoreError, StoreDamagedError; the system's error if
 *   it can't be written
 */
export async function joinParty(
  directory: DataDirectory,
  text: string,
  { peerId, now }: { readonly peerId: string; readonly now: number },
): Promise<NodeCertificate> {
  const certificate = nodeCertificateFromText(text)
  checkFor(certificate, peerId)
  if (now >= certificate.validUntil * 1_000) throw new NodeDirectoryError('lapsed')
  const { party } = certificate
  const before = tryRead(directory)
  const owner = await ownerOfStoreIn(directory)
  if ((owner ?? party) !== party || (before?.party ?? party) !== party)
    throw new NodeDirectoryError('other_party')
  if (before !== undefined && isOlder(certificate, before)) throw new NodeDirectoryError('older')
  writeCertificateFile(directory, `${certificateText(certificate)}\n`)
  return certificate
}

/** A party whose store is that of a backup begins again with the serial numbers of then. */
function isOlder(certificate: NodeCertificate, before: NodeCertificate): boolean {
  return certificate.serial < before.serial && certificate.validUntil <= before.validUntil
}

function checkFor(certificate: NodeCertificate, peerId: string): void {
  const { party, validFrom } = certificate
  const fault = certificateFault(certificate, { party, node: peerId, now: validFrom * 1_000 })
  if (fault === 'other_node' || fault === 'forged') throw new NodeDirectoryError(fault)
}

/** @throws NodeCertificateError, DataDirectoryError */
function read(directory: DataDirectory): NodeCertificate | undefined {
  const text = readCertificateFile(directory)
  return text === undefined ? undefined : nodeCertificateFromText(text)
}

/** For who goes on without. */
function tryRead(directory: DataDirectory): NodeCertificate | undefined {
  try {
    return read(directory)
  } catch {
    return undefined
  }
}
