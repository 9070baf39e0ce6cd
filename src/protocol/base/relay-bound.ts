/** A bound that a relay puts on one connection: `most` bytes, or seconds. */
export interface RelayBound {
  readonly of: 'bytes' | 'seconds'
  readonly most: number
}
