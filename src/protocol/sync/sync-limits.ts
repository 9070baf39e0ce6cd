import type { StreamBounds } from '../frame/frame-limits.ts'

/** Tallies that one exchange asks about: their digests are 32 KB, in one frame. Who has more makes further exchanges. */
export const MAX_SYNC_TALLIES = 2_000

/** Tallies with different documents in one exchange: five frames of heads. The others are left to the next one. */
export const MAX_DIFFERENT_TALLIES = 200

/** Tallies named in one frame: with all the heads that each may have they fit into 64 KiB. */
export const MAX_TALLIES_A_FRAME = 40

/** Heads of one document: an edit joins them all, so that two parties who both edit have two. */
export const MAX_SYNC_HEADS = 16

/** Bytes of one message of Automerge's sync, put together from its frames: a whole document and the filter beside it. */
export const MAX_SYNC_MESSAGE_BYTES = 1_310_720

/** Signatures beside one message: of as many changes as a document may have. */
export const MAX_SYNC_SIGNATURES = 10_000

/**
 * Messages of one side about one tally: a sync takes three, one more for each false hit of a filter, and for each 48 KiB of
 * changes, so that a document as large as it may be goes over in one exchange.
 */
export const MAX_SYNC_TURNS = 64

/** Addresses that one side tells of itself: as many as a link holds. */
export const MAX_SYNC_ADDRESSES = 16

/** Frames and bytes of one direction of one stream: a few documents as large as they may be, or many small ones. */
export const SYNC_BOUNDS: StreamBounds = { frames: 2_048, bytes: 8_388_608 }
