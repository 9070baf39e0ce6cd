import { domainDigest, SHA256_BYTES } from '../base/digest.ts'
import type { Sender } from './message-order.ts'

const TRANSCRIPT_DOMAIN = 'taleus transcript 1'

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
  const header = new Uint8Array(HEADER)
  header[0] = MARKS[sender]
  new DataView(header.buffer).setUint32(1, payload.length)
  const data = Buffer.concat([before ?? NOTHING_SAID, header, payload])
  return domainDigest(TRANSCRIPT_DOMAIN, data)
}
