import { peerIdOfPublicKey } from '../../protocol/base/peer-id-text.ts'
import type { Role } from '../../protocol/base/role.ts'
import { decodeLink } from '../../protocol/link/link.ts'
import { tokenIdOf } from '../../protocol/link/secret.ts'
import { reachOf, type ScopedAddress, scoped } from './invitation-addresses.ts'

/** All that a link tells, but its secret. */
export interface ReadInvitation {
  /** The token's public id. */
  readonly id: string
  /** The inviter's role. */
  readonly role: Role
  /** The inviter's peer id, which the node that answers must prove. */
  readonly peerId: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
  readonly addresses: readonly ScopedAddress[]
  /** Nodes that speak for the inviter may answer there. */
  readonly nodes: boolean
  /** From where it can be used, in words that follow "this invitation". */
  readonly reach: string
}

/** Reads a link without asking anybody. @throws LinkError */
export function readInvitation(text: string): ReadInvitation {
  const { secret, role, publicKey, expiresAt, addresses: texts, nodes = false } = decodeLink(text)
  const addresses = scoped(texts)
  return {
    id: tokenIdOf(secret),
    role,
    peerId: peerIdOfPublicKey(publicKey),
    expiresAt: expiresAt * 1000,
    addresses,
    nodes,
    reach: reachOf(addresses),
  }
}
