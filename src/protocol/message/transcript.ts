import { domainDigest } from '../base/digest.ts'

const TRANSCRIPT_DOMAIN = 'taleus transcript 1'

/** Before the first frame. */
const NOTHING_SAID = new Uint8Array(32)

/** Bytes of a frame's place in the digest that come before its payload: the speaker, and the length. */
const HEADER = 5

/** Who sent a frame: the one who invited, or the one who was invited. */
export type Speaker = 'initiator' | 'respondent'

const MARKS: Readonly<Record<Speaker, number>> = { initiator: 0x49, respondent: 0x52 }

/**
 * The digest of a transcript with one frame more, 32 bytes: SHA-256 under a domain of its own over the digest so
 * far, `I` or `R`, the payload's length in four bytes, and the payload. Each digest so stands for all before it.
 * @param before undefined for the first frame
 */
export function extendTranscript(
  before: Uint8Array | undefined,
  speaker: Speaker,
  payload: Uint8Array,
): Uint8Array {
  const header = new Uint8Array(HEADER)
  header[0] = MARKS[speaker]
  new DataView(header.buffer).setUint32(1, payload.length)
  const data = Buffer.concat([before ?? NOTHING_SAID, header, payload])
  return domainDigest(TRANSCRIPT_DOMAIN, data)
}
