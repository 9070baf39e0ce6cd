import { SHA256_BYTES } from '../../protocol/base/digest.ts'
import { NoteInvalidError } from '../errors.ts'
import type { NoteKey, NoteSigner } from './note-key.ts'
import { openNote, signNote } from './signed-note.ts'

// https://c2sp.org/tlog-checkpoint: origin, size, root in base64, each on a line, as a signed note.

/** The size and root of a log at the moment when its owner signed them. */
export interface Checkpoint {
  /** Records 1 to this one are in the tree. */
  readonly size: number
  /** The RFC 6962 root over them, 32 bytes. */
  readonly root: Uint8Array
}

const SIZE = /^(?:0|[1-9][0-9]{0,15})$/

/** Signs a checkpoint as a note; the log's origin is the signer's name. */
export function signCheckpoint({ size, root }: Checkpoint, signer: NoteSigner): string {
  return signNote(`${signer.name}\n${size}\n${Buffer.from(root).toString('base64')}\n`, signer)
}

/**
 * Opens a checkpoint that the owner of `key` signed.
 * @throws NoteInvalidError if it is malformed, of another log, or its signature is wrong
 */
export function openCheckpoint(note: string, key: NoteKey): Checkpoint {
  const [origin, size = '', base64 = '', ...extensions] = openNote(note, key).split('\n')
  if (origin !== key.name) throw new NoteInvalidError('foreign')
  const root = Buffer.from(base64, 'base64')
  const isSound =
    SIZE.test(size) &&
    Number.isSafeInteger(Number(size)) &&
    root.length === SHA256_BYTES &&
    root.toString('base64') === base64 &&
    // After the last newline there is nothing; lines of an extension before it are let be.
    extensions.pop() === '' &&
    !extensions.includes('')
  if (!isSound) throw new NoteInvalidError('malformed')
  return { size: Number(size), root }
}
