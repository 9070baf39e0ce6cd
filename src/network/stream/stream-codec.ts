import { FrameDecoder } from '../../protocol/frame/frame-decoder.ts'
import { encodeFrame } from '../../protocol/frame/frame-encoder.ts'
import type { StreamBounds } from '../../protocol/frame/frame-limits.ts'
import { WholeDecoder } from '../../protocol/frame/whole-decoder.ts'

/** Cuts one direction of one stream into payloads. */
export interface StreamDecoder {
  /** Bytes of a payload that is not whole yet. */
  readonly heldBytes: number
  /** @returns the payloads that these bytes complete. @throws FrameError */
  push(bytes: Uint8Array): readonly Uint8Array[]
  /** The other side will write nothing more. @returns what that completes. @throws FrameError */
  end(): readonly Uint8Array[]
}

/** The way in which payloads stand in the bytes of a stream. */
export interface StreamCodec {
  decoder(): StreamDecoder
  encode(payload: Uint8Array): Uint8Array
}

/** Each payload after its length. */
export function framedCodec(bounds?: StreamBounds): StreamCodec {
  return { decoder: () => new FrameDecoder(bounds), encode: encodeFrame }
}

/** One payload in each direction, which ends with it. */
export const WHOLE_CODEC: StreamCodec = {
  decoder: () => new WholeDecoder(),
  encode: (payload) => payload,
}
