import { FrameError } from '../errors.ts'
import { MAX_FRAME_BYTES } from './frame-limits.ts'

/**
 * Makes one frame: the payload's length as minimal unsigned varint, then the payload.
 * @param payload 1 to 65,536 bytes
 * @throws FrameError `zero_length`, `oversize`
 */
export function encodeFrame(payload: Uint8Array): Uint8Array {
  const { length } = payload
  if (length === 0) throw new FrameError('zero_length')
  if (length > MAX_FRAME_BYTES) throw new FrameError('oversize')
  const prefix = encodeLength(length)
  const frame = new Uint8Array(prefix.length + length)
  frame.set(prefix)
  frame.set(payload, prefix.length)
  return frame
}

function encodeLength(length: number): readonly number[] {
  if (length < 0x80) return [length]
  if (length < 0x4000) return [(length & 0x7f) | 0x80, length >> 7]
  return [(length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14]
}
