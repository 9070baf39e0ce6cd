import { base32 } from 'multiformats/bases/base32'
import { domainDigest } from '../base/digest.ts'

const COMMITMENT_DOMAIN = 'taleus commitment 1'
/** 130 bits, in characters of five each: to find two numbers with one commitment takes 2^65 tries, and gains one more guess. */
const COMMITMENT_CHARACTERS = 26

/**
 * Commits to a number that is told later: 26 characters of lower-case base32. An invitee's `bootstrapId` is the commitment
 * to its share in the words to compare, so that neither side can choose its share when it knows the other's.
 * @param opening the number, at least 128 random bits as text
 */
export function commitmentTo(opening: string): string {
  return base32.baseEncode(domainDigest(COMMITMENT_DOMAIN, opening)).slice(0, COMMITMENT_CHARACTERS)
}
