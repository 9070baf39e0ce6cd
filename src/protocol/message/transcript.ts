import { SHA256_BYTES, sha256Hex } from '../base/digest.ts'
import type { Sender } from './message-order.ts'

/** As `domainDigest` puts it before the data. */
const TRANSCRIPT_DOMAIN = Buffer.from('taleus transcript 1\0')

/** The digest before the first frame. */
const NOTHING_SAID = '0'.repeat(2 * SHA256_BYTES)

/** Bytes that go into the digest before a payload: one for the sender, four for the length. */
const HEADER = 5

/** `I` and `R`: the protocol calls the inviter initiator, and the invitee respondent. */
const MARKS: Readonly<Record<Sender, number>> = { inviter: 0x49, invitee: 0x52 }

/**
 * Extends the digest of a transcript by one frame: SHA-256 under a domain of its own, over the 32 bytes of the digest so
 * far, `I` or `R`, the payload's length in four bytes, and the payload. So each digest stands for all before it.
 * @param before 64 hex digits; undefined for the first frame
 * @returns 64 hex digits. Not a buffer: a small one would keep the whole pool that it was cut from
 */
export function extendTranscript(
  before: string | undefined,
  sender: Sender,
  payload: Uint8Array,
): string {
  const start = TRANSCRIPT_DOMAIN.length
  const header = start + SHA256_BYTES
  // In one buffer: to put them together twice, for the frame and for the domain, costs more than the hash.
  const data = Buffer.allocUnsafe(header + HEADER + payload.length)
  data.set(TRANSCRIPT_DOMAIN)
  data.write(before ?? NOTHING_SAID, start, 'hex')
  data[header] = MARKS[sender]
  data.writeUInt32BE(payload.length, header + 1)
  data.set(payload, header + HEADER)
  return sha256Hex(data)
}
