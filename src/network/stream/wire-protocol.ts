import type { StreamBounds } from '../../protocol/frame/frame-limits.ts'
import { BOOTSTRAP_BOUNDS } from '../../protocol/frame/frame-limits.ts'
import { SYNC_BOUNDS } from '../../protocol/sync/sync-limits.ts'
import { BOOTSTRAP_PROTOCOL } from './bootstrap-protocol.ts'

/** A protocol of ours, with what one direction of a stream of it may carry. */
export interface WireProtocol {
  /** The libp2p protocol id. */
  readonly id: string
  readonly bounds: StreamBounds
}

/** The native bootstrap. */
export const BOOTSTRAP: WireProtocol = { id: BOOTSTRAP_PROTOCOL, bounds: BOOTSTRAP_BOUNDS }

/** The sync of tallies' documents. */
export const TALLY_SYNC: WireProtocol = { id: '/taleus/tally/1.0.0', bounds: SYNC_BOUNDS }
