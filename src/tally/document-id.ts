import { base58btc } from 'multiformats/bases/base58'
import { domainDigest, sha256 } from '../protocol/base/digest.ts'

const ID_DOMAIN = 'taleus/tally/document-id/1'
const ID_BYTES = 16
const CHECKSUM_BYTES = 4

/** Returns automerge-repo's name of a tally's document: `automerge:` and its document id. */
export function automergeUrlOf(tallyId: string): string {
  return `automerge:${documentIdOf(tallyId)}`
}

/** base58check, as automerge-repo writes its ids: 16 bytes and the first 4 of their double SHA-256. */
function documentIdOf(tallyId: string): string {
  const id = domainDigest(ID_DOMAIN, tallyId).subarray(0, ID_BYTES)
  const checksum = sha256(sha256(id)).subarray(0, CHECKSUM_BYTES)
  return base58btc.baseEncode(Buffer.concat([id, checksum]))
}
