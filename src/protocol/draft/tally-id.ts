import { base32 } from 'multiformats/bases/base32'
import { domainDigest } from '../base/digest.ts'
import { canonicalJson } from '../json/canonical-json.ts'

const DOMAIN = 'taleus tally id 1'
const TALLY_ID_BYTES = 16

/** The origin that a tally id is derived from. */
export interface TallyOrigin {
  readonly tokenId: string
  /** Which use of the token, counted from 1. */
  readonly use: number
  /** The inviter's peer id. */
  readonly inviter: string
  /** The invitee's peer id. */
  readonly invitee: string
  /** Only if the id without it is taken already: the redemption's id, which nobody can foretell. */
  readonly redemptionId?: string
}

/** Derives the tally id: 26 characters of lower-case base32, 128 bits. The same origin always has the same id. */
export function tallyIdOf({ tokenId, use, inviter, invitee, redemptionId }: TallyOrigin): string {
  const origin = { tokenId, use, inviter, invitee }
  const text = canonicalJson(redemptionId === undefined ? origin : { ...origin, redemptionId })
  return base32.baseEncode(domainDigest(DOMAIN, text).subarray(0, TALLY_ID_BYTES))
}
