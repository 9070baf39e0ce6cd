/** The bytes are not a sound Ed25519 private key. Holds none of them. */
export class IdentityKeyError extends Error {
  override readonly name = 'IdentityKeyError'
  readonly code = 'identity_key_invalid'
}
