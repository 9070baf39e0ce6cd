import type { Role } from '../base/role.ts'

/** Seconds since the epoch: the link has four bytes for its expiry. */
export const MAX_EXPIRY_SECONDS = 4_294_967_295

/** The content of an invitation's link. */
export interface LinkContent {
  /** The inviter's role. */
  readonly role: Role
  /** 16 bytes from a cryptographic random source: the bearer right itself. */
  readonly secret: Uint8Array
  /** Seconds since the epoch, at most {@link MAX_EXPIRY_SECONDS}. */
  readonly expiresAt: number
  /** The inviter's Ed25519 public key, 32 bytes; its peer id follows from it. */
  readonly publicKey: Uint8Array
  /**
   * Multiaddr text without the peer id, e.g. `/ip4/192.0.2.7/tcp/4001`, or that of a relay without the relay's id, e.g.
   * `/ip4/192.0.2.7/tcp/4001/p2p-circuit`. Best first, at most 16.
   */
  readonly addresses: readonly string[]
  /**
   * Those addresses are of several nodes, which speak for the inviter by a certificate; beyond a relay they may have the
   * node's own id at their end. @default all are the inviter's own
   */
  readonly nodes?: true
  /** The rest of an older peer's link, which speaks `/taleus/bootstrap/1.0.0`. @default it is one of ours */
  readonly legacy?: LegacyLinkPart
}

/** The members of an older link that ours has no place for. */
export interface LegacyLinkPart {
  /** The token as it is to be shown, of whatever form. */
  readonly token: string
  /** Fields that the inviter requires. */
  readonly required: readonly string[]
}
