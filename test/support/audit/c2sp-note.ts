import { createHash, createPublicKey, verify } from 'node:crypto'

// https://c2sp.org/signed-note and https://c2sp.org/tlog-checkpoint, as their texts have it, and of nothing that src has.

export interface OpenedCheckpoint {
  readonly origin: string
  readonly size: bigint
  readonly root: string
}

const EM_DASH = '\u2014'
/** What makes 32 bytes an SPKI document: RFC 8410. */
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex')

/** The note's text, if this key signed it. */
export function openedNote(note: Buffer, name: string, publicKey: Uint8Array): string {
  const whole = new TextDecoder('utf-8', { fatal: true }).decode(note)
  for (const character of whole) {
    if (character < ' ' && character !== '\n') throw new Error('a control character')
  }
  const lines = whole.split('\n')
  if (lines.pop() !== '') throw new Error('the last line is not ended')
  const blank = lines.lastIndexOf('')
  if (blank < 1) throw new Error('no blank line')
  const text = `${lines.slice(0, blank).join('\n')}\n`
  const input = [Buffer.from(name, 'utf8'), Buffer.of(0x0a, 0x01), publicKey]
  const keyId = createHash('sha256').update(Buffer.concat(input)).digest().readUInt32BE(0)
  let isSigned = false
  for (const line of lines.slice(blank + 1)) {
    const [dash, signer, encoded, ...more] = line.split(' ')
    if (dash !== EM_DASH || encoded === undefined || more.length > 0) throw new Error('a line')
    const bytes = Buffer.from(encoded, 'base64')
    if (bytes.toString('base64') !== encoded) throw new Error('not base 64')
    if (signer !== name || bytes.readUInt32BE(0) !== keyId) continue
    const key = createPublicKey({
      key: Buffer.concat([SPKI_HEAD, publicKey]),
      format: 'der',
      type: 'spki',
    })
    if (!verify(null, Buffer.from(text, 'utf8'), key, bytes.subarray(4))) throw new Error('forged')
    isSigned = true
  }
  if (!isSigned) throw new Error('not signed by this key')
  return text
}

export function openedCheckpoint(
  note: Buffer,
  name: string,
  publicKey: Uint8Array,
): OpenedCheckpoint {
  const lines = openedNote(note, name, publicKey).split('\n')
  const [origin = '', size = '', root = ''] = lines
  if (lines.slice(0, -1).includes('')) throw new Error('an empty line')
  if (!/^(0|[1-9]\d*)$/.test(size)) throw new Error('no size')
  if (Buffer.from(root, 'base64').length !== 32) throw new Error('no root')
  return { origin, size: BigInt(size), root }
}
