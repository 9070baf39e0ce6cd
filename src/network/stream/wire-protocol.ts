import { ANSWER_LINE_BOUNDS } from '../../protocol/answer/answer-line.ts'
import { BOOTSTRAP_BOUNDS } from '../../protocol/frame/frame-limits.ts'
import { MAX_CERTIFICATE_BYTES } from '../../protocol/node/node-certificate.ts'
import { SYNC_BOUNDS } from '../../protocol/sync/sync-limits.ts'
import { BOOTSTRAP_PROTOCOL } from './bootstrap-protocol.ts'
import { framedCodec, type StreamCodec, WHOLE_CODEC } from './stream-codec.ts'

/** A protocol of ours, and how its payloads stand in a stream. */
export interface WireProtocol {
  /** The libp2p protocol id. */
  readonly id: string
  readonly codec: StreamCodec
}

/** The native bootstrap. */
export const BOOTSTRAP: WireProtocol = {
  id: BOOTSTRAP_PROTOCOL,
  codec: framedCodec(BOOTSTRAP_BOUNDS),
}

/** The sync of tallies' documents. */
export const TALLY_SYNC: WireProtocol = {
  id: '/taleus/tally/1.0.0',
  codec: framedCodec(SYNC_BOUNDS),
}

/** The bootstrap of older peers. */
export const LEGACY_BOOTSTRAP: WireProtocol = {
  id: '/taleus/bootstrap/1.0.0',
  codec: WHOLE_CODEC,
}

/** The lines of invitees who wait for an inviter's yes or no. */
export const ANSWER_LINE: WireProtocol = {
  id: '/taleus/answer/1.0.0',
  codec: framedCodec(ANSWER_LINE_BOUNDS),
}

/** A node's certificate, for whoever dials it: one frame, and the end. */
export const NODE_PROOF: WireProtocol = {
  id: '/taleus/node/1.0.0',
  codec: framedCodec({ frames: 1, bytes: MAX_CERTIFICATE_BYTES }),
}
