/** The largest payload of one frame, in bytes. */
export const MAX_FRAME_BYTES = 65_536
/** Frames per stream and direction; the longest exchange needs two, and a checkpoint beside them. */
export const MAX_FRAMES = 8
/**
 * Bytes of payload per stream and direction: the longest exchange, a draft and all, needs a little more than half of
 * it. So much may wait in memory for each session.
 */
export const MAX_STREAM_BYTES = 131_072
/** The frames and bytes that one direction of one stream may carry. */
export interface StreamBounds {
  readonly frames: number
  readonly bytes: number
}

/** Those of a bootstrap. */
export const BOOTSTRAP_BOUNDS: StreamBounds = { frames: MAX_FRAMES, bytes: MAX_STREAM_BYTES }

/** Bytes of length prefix: what the largest payload needs. A longer one is an attack. */
export const MAX_PREFIX_BYTES = 3
