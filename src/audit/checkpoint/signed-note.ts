import { verify } from 'node:crypto'
import { ed25519PublicKey } from '../../protocol/base/ed25519-key.ts'
import { NoteInvalidError } from '../errors.ts'
import { type NoteKey, type NoteSigner, noteKeyId } from './note-key.ts'

// https://c2sp.org/signed-note: text, empty line, then `— name base64(key id, signature)` for each signer.

const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u
const KEY_ID_BYTES = 4
/** As many as the specification asks of a verifier. */
const MAX_SIGNATURES = 16
/** 16 signatures of any kind in use, and then some. */
const MAX_NOTE_CHARACTERS = 131_072

/** Signs a text as a note. @param text ends in a newline, without other control characters */
export function signNote(text: string, signer: NoteSigner): string {
  const signature = Buffer.concat([noteKeyId(signer), signer.sign(Buffer.from(text))])
  return `${text}\n— ${signer.name} ${signature.toString('base64')}\n`
}

/**
 * Checks a note's signature. Signatures of others, witnesses for instance, are ignored.
 * @returns the text that was signed
 * @throws NoteInvalidError
 */
export function openNote(note: string, key: NoteKey): string {
  const { text, signatures } = partsOf(note)
  const keyId = noteKeyId(key)
  const ours = signatures.filter(({ name, bytes }) => {
    return name === key.name && keyId.equals(bytes.subarray(0, KEY_ID_BYTES))
  })
  if (ours.length === 0) throw new NoteInvalidError('foreign')
  const publicKey = ed25519PublicKey(key.publicKey)
  const isGood = ours.every(({ bytes }) => {
    return verify(null, Buffer.from(text), publicKey, bytes.subarray(KEY_ID_BYTES))
  })
  if (!isGood) throw new NoteInvalidError('bad_signature')
  return text
}

interface NoteSignature {
  readonly name: string
  readonly bytes: Buffer
}

function partsOf(note: string): { text: string; signatures: readonly NoteSignature[] } {
  const end = note.lastIndexOf('\n\n')
  const isText = note.length <= MAX_NOTE_CHARACTERS && note.isWellFormed() && !hasControls(note)
  if (!isText || end < 1 || !note.endsWith('\n')) throw new NoteInvalidError('malformed')
  const lines = note.slice(end + 2, -1).split('\n')
  if (lines.length > MAX_SIGNATURES) throw new NoteInvalidError('malformed')
  return { text: note.slice(0, end + 1), signatures: lines.map(signatureOf) }
}

function signatureOf(line: string): NoteSignature {
  const [, name, base64 = ''] = SIGNATURE_LINE.exec(line) ?? []
  const bytes = Buffer.from(base64, 'base64')
  const isOneSpelling = bytes.toString('base64') === base64
  if (name === undefined || !isOneSpelling || bytes.length <= KEY_ID_BYTES) {
    throw new NoteInvalidError('malformed')
  }
  return { name, bytes }
}

/** @returns true for any character below U+0020 but newline */
function hasControls(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 0x20 && code !== 0x0a) return true
  }
  return false
}
