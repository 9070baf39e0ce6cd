import type { IdentityBundle } from '../../protocol/message/messages.ts'

/** This node as it discloses itself once it has approved, or wants approval. */
export interface Party {
  /** This node's peer id. */
  readonly peerId: string
  readonly identity: IdentityBundle
  /** Multiaddrs of the nodes it nominates; its own peer id may stand at their end. */
  readonly cadre: readonly string[]
  /** The name an offer shows before anything else is disclosed. */
  readonly publicName?: string
}
