import { peerIdOfPublicKey } from '../../src/protocol/base/peer-id-text.ts'
import { encodeFrame } from '../../src/protocol/frame/frame-encoder.ts'
import { encodeLink } from '../../src/protocol/link/link.ts'
import { addressToBytes } from '../../src/protocol/link/link-address.ts'
import { linkToBytes } from '../../src/protocol/link/link-bytes.ts'
import { secretHashOf, secretToText, tokenIdOf } from '../../src/protocol/link/secret.ts'
import { encodeMessage } from '../../src/protocol/message/message-codec.ts'
import { code, markdownTable } from '../docs/markdown-table.ts'

/** The same content as in the tests, which pin its link for ever. */
const CONTENT = {
  role: 'stock',
  secret: Uint8Array.from({ length: 16 }, (_, index) => index),
  expiresAt: 1_800_000_000,
  publicKey: Uint8Array.from({ length: 32 }, (_, index) => 255 - index),
  addresses: ['/ip4/192.0.2.7/tcp/4001', '/ip4/192.0.2.7/tcp/4002/ws'],
} as const

/** One link and one frame, byte by byte, written by the codec itself. */
export function generate(): string {
  return [
    'This link',
    fenced(encodeLink(CONTENT)),
    `has ${linkToBytes(CONTENT).length} bytes:`,
    linkTable(),
    `Its secret is ${code(secretToText(CONTENT.secret))} in messages. The inviter knows it as token
${code(tokenIdOf(CONTENT.secret))} and keeps only
${code(hex(secretHashOf(CONTENT.secret)))}.`,
    'The first frame that an invitee who wants to look sends for it:',
    frameExample(),
  ].join('\n\n')
}

function linkTable(): string {
  const bytes = linkToBytes(CONTENT)
  let offset = 0
  const row = (length: number, what: string): readonly string[] => {
    const cells = [String(offset), code(hex(bytes.subarray(offset, offset + length))), what]
    offset += length
    return cells
  }
  const rows = [
    row(1, 'version 1 × 2, plus 1 if the inviter holds the foil: here it holds the stock'),
    row(16, 'secret'),
    row(4, `expiry, ${new Date(CONTENT.expiresAt * 1_000).toISOString()}`),
    row(32, `Ed25519 public key of ${peerIdOfPublicKey(CONTENT.publicKey)}`),
    row(1, 'number of addresses'),
    ...CONTENT.addresses.flatMap((address) => [
      row(1, 'length of the next one'),
      row(addressToBytes(address).length, address),
    ]),
    row(4, 'checksum: SHA-256 of all before, its first four bytes'),
  ]
  return markdownTable(['at', 'bytes', 'what'], rows)
}

function frameExample(): string {
  const payload = encodeMessage({ type: 'Inspect', secret: secretToText(CONTENT.secret) })
  const frame = encodeFrame(payload)
  const prefix = frame.subarray(0, frame.length - payload.length)
  return fenced(
    `${hex(prefix)}  length ${payload.length}\n${hex(payload)}\n${Buffer.from(payload).toString()}`,
  )
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
