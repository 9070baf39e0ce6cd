import type { Asking } from './asking.ts'
import type { HostilePeer } from './hostile-peer.ts'
import type { Invitation } from './invitation.ts'
import type { Network } from './network.ts'
import type { PartyNode } from './party-node.ts'
import type { Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'

/** What the judge looks at. */
export interface Scene {
  readonly timeline: Timeline
  readonly trace: Trace
  readonly network: Network
  readonly nodes: readonly PartyNode[]
  readonly invitations: readonly Invitation[]
  readonly askings: readonly Asking[]
  readonly hostile: readonly HostilePeer[]
}
