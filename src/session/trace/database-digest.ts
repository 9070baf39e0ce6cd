import { sha256Hex } from '../../protocol/base/digest.ts'
import { canonicalJson } from '../../protocol/json/canonical-json.ts'
import type { DatabaseConnection } from '../../protocol/message/messages.ts'

/** The name in the audit of where a tally's database is: it tells nobody where, and finds out that it was changed. */
export function databaseDigest({ engine, endpoint, credentialsRef }: DatabaseConnection): string {
  return sha256Hex(canonicalJson({ engine, endpoint, credentialsRef }))
}
