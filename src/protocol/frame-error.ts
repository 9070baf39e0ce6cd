import type { FrameProblem } from './frame-problem.ts'

const SENTENCES: Readonly<Record<FrameProblem, string>> = {
  zero_length: 'a frame is empty',
  oversize: 'a frame is larger than 64 KiB',
  long_prefix: 'the length of a frame is not written in the shortest way',
  too_many_frames: 'there are more frames than any exchange needs',
  too_many_bytes: 'there are more bytes than any exchange needs',
  truncated: 'the stream ended inside a frame',
}

/** Bytes that can't be a frame. What follows them on the same stream has no meaning. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
  readonly code = 'frame_malformed'
  readonly problem: FrameProblem
  /** Whole frames that were in the same chunk, before the problem. */
  readonly frames: readonly Uint8Array[]

  constructor(problem: FrameProblem, frames: readonly Uint8Array[] = []) {
    super(SENTENCES[problem])
    this.problem = problem
    this.frames = frames
  }
}
