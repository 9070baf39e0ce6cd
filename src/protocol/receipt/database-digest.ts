import { sha256Hex } from '../base/digest.ts'
import { canonicalJson } from '../json/canonical-json.ts'
import type { DatabaseConnection } from '../message/messages.ts'

/** The name in the audit of where a tally's database is: it tells nobody where, and finds out that it was changed. */
export function databaseDigest({ engine, endpoint, credentialsRef }: DatabaseConnection): string {
  return sha256Hex(canonicalJson({ engine, endpoint, credentialsRef }))
}
