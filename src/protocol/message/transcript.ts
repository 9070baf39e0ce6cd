import { SHA256_BYTES, sha256 } from '../base/digest.ts'
import type { Sender } from './message-order.ts'

/** As `domainDigest` puts it before the data. */
const TRANSCRIPT_DOMAIN = Buffer.from('taleus transcript 1\0')

/** The digest before the first frame. */
const NOTHING_SAID = new Uint8Array(SHA256_BYTES)

/** Bytes that go into the digest before a payload: one for the sender, four for the length. */
const HEADER = 5

/** `I` and `R`: the protocol calls the inviter initiator, and the invitee respondent. */
const MARKS: Readonly<Record<Sender, number>> = { inviter: 0x49, invitee: 0x52 }

/**
 * Extends the digest of a transcript by one frame: SHA-256 under a domain of its own, 32 bytes, over the digest so
 * far, `I` or `R`, the payload's length in four bytes, and the payload. So each digest stands for all before it.
 * @param before undefined for the first frame
 */
export function extendTranscript(
  before: Uint8Array | undefined,
  sender: Sender,
  payload: Uint8Array,
): Uint8Array {
  const start = TRANSCRIPT_DOMAIN.length
  const header = start + SHA256_BYTES
  // In one buffer: to put them together twice, for the frame and for the domain, costs more than the hash.
  const data = Buffer.allocUnsafe(header + HEADER + payload.length)
  data.set(TRANSCRIPT_DOMAIN)
  data.set(before ?? NOTHING_SAID, start)
  data[header] = MARKS[sender]
  data.writeUInt32BE(payload.length, header + 1)
  data.set(payload, header + HEADER)
  return sha256(data)
}
