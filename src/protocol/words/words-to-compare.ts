import { wordlist } from '@scure/bip39/wordlists/english.js'
import { domainDigest } from '../base/digest.ts'
import { canonicalJson } from '../json/canonical-json.ts'
import type { ReceiptBody } from '../receipt/receipt.ts'

const WORDS_DOMAIN = 'taleus words 1'
/** Four words of 2,048 are 44 bits, and each try to hit them is a whole exchange with a person at its end. */
export const WORDS_COUNT = 4
/** Bits of a word: the list has 2,048. */
const WORD_BITS = 11

/**
 * Returns the words that both sides show for a tally, and that differ if each had its exchange with somebody else. The tally's
 * id and draft are no part of them: an invitee that builds chooses the id when it knows all the rest, and could try ids until
 * the words fit. An inviter that builds has told both in its answer, of which the hash is here.
 * @param body the receipt's body, which both sides have
 * @param opening the number that the invitee's `bootstrapId` was the commitment to
 */
export function wordsToCompare(
  { tallyId: _tallyId, draft: _draft, ...exchange }: ReceiptBody,
  opening: string,
): readonly string[] {
  const digest = domainDigest(WORDS_DOMAIN, canonicalJson({ exchange, opening }))
  let bits = BigInt(`0x${Buffer.from(digest.subarray(0, 8)).toString('hex')}`)
  bits >>= BigInt(64 - WORDS_COUNT * WORD_BITS)
  return Array.from({ length: WORDS_COUNT }, (_, place) => {
    const shift = BigInt((WORDS_COUNT - 1 - place) * WORD_BITS)
    return wordlist[Number((bits >> shift) & 2_047n)] ?? ''
  })
}

/** True of a word that may be one of those to compare. */
export function isListedWord(word: string): boolean {
  return wordlist.includes(word)
}
