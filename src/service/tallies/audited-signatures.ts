import { sha256Hex } from '../../protocol/base/digest.ts'
import type { JsonValue } from '../../protocol/json/json-value.ts'
import type { ChangeSignature } from '../../protocol/sync/change-signature.ts'

/** Changes that one record of the audit names: 4 KB. */
const MAX_NAMED_CHANGES = 32

/** The member of an audit record that binds it to changes: the digest of each one's signature, by the change's hash. */
export interface SignedChanges {
  readonly signatures: { readonly [change: string]: JsonValue }
}

/** Names changes and their signatures for the audit, in as many parts as there are records to be. */
export function namedSignatures(signatures: readonly ChangeSignature[]): readonly SignedChanges[] {
  const count = Math.ceil(signatures.length / MAX_NAMED_CHANGES)
  return Array.from({ length: count }, (_, at) => {
    const some = signatures.slice(at * MAX_NAMED_CHANGES, (at + 1) * MAX_NAMED_CHANGES)
    return {
      signatures: Object.fromEntries(some.map((each) => [each.change, signatureDigest(each)])),
    }
  })
}

/** SHA-256 of a signature's bytes, lower-case hex. */
export function signatureDigest({ signature }: Pick<ChangeSignature, 'signature'>): string {
  return sha256Hex(Buffer.from(signature, 'base64url'))
}
