import type { Asking } from './world/asking.ts'
import type { HostilePeer } from './world/hostile-peer.ts'
import type { Invitation } from './world/invitation.ts'
import type { Network } from './world/network.ts'
import type { PartyNode } from './world/party-node.ts'
import type { Timeline } from './world/timeline.ts'
import type { Trace } from './world/trace.ts'

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
