/** What can be wrong with bytes that should be a frame. */
export type FrameProblem =
  | 'zero_length'
  | 'oversize'
  | 'long_prefix'
  | 'too_many_frames'
  | 'too_many_bytes'
  | 'truncated'
