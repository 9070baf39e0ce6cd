import { lstatSync } from 'node:fs'
import { generatePrivateKeyBytes, peerIdOfKeyBytes } from '../../network/identity/key-bytes.ts'
import type { DataDirectory } from '../../store/directory/data-directory.ts'
import { ensureKey } from '../../store/directory/key-file.ts'
import { NoPartyError } from '../../store/errors.ts'
import { NodeDirectoryError } from '../errors.ts'
import type { CertifiedNode } from './certified-node.ts'

/** A key that was just made. */
export interface NewKey {
  /** Its peer id. */
  readonly peerId: string
  /** The data directory that it is in. */
  readonly directory: string
}

/** The key of a data directory: the party's own, or that of one of its nodes. */
export class OwnKey {
  readonly #directory: DataDirectory
  readonly #newKey: ((made: NewKey) => void) | undefined

  /** @param newKey told of a key that is made because there is none. @default none is made */
  constructor(directory: DataDirectory, newKey: ((made: NewKey) => void) | undefined) {
    this.#directory = directory
    this.#newKey = newKey
  }

  /** The private key's bytes. @throws KeyFileError, NoPartyError */
  bytes(): Uint8Array {
    const { path: directory } = this.#directory
    const newKey = this.#newKey
    let made: Uint8Array | undefined
    const key = ensureKey(this.#directory, () => {
      if (newKey === undefined) throw new NoPartyError(directory)
      made = generatePrivateKeyBytes()
      return made
    })
    // Else there was one, or another process was first, and tells it.
    const isNew = made !== undefined && Buffer.compare(key, made) === 0
    if (isNew) newKey?.({ peerId: peerIdOfKeyBytes(key), directory })
    return key
  }

  /** The peer id of the key. @throws as `bytes` */
  id(): string {
    return peerIdOfKeyBytes(this.bytes())
  }

  /** The private key's bytes, where it is the party's own. @throws NodeDirectoryError where it is a node's; as `bytes` */
  async ofParty(): Promise<Uint8Array> {
    if ((await this.node()) === undefined) return this.bytes()
    throw new NodeDirectoryError('is_node')
  }

  /** The peer id of the party. @throws as `bytes` and `node` */
  async partyId(): Promise<string> {
    return (await this.node())?.party ?? this.id()
  }

  /** The node that the key is of, if it is one; loaded only then. @throws as `openCertifiedNode` */
  async node(): Promise<CertifiedNode | undefined> {
    const { certificateFile } = this.#directory
    if (lstatSync(certificateFile, { throwIfNoEntry: false }) === undefined) return undefined
    const { openCertifiedNode } = await import('./certified-node.ts')
    return openCertifiedNode(this.#directory, this.id())
  }
}
