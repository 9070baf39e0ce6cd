/** A bound that a relay puts on one connection: `most` bytes, or seconds. */
export interface RelayBound {
  readonly of: 'bytes' | 'seconds'
  readonly most: number
}

/** Says of a relay how much it carries, for people; by a part of a sentence. */
export function relayBoundText({ of, most }: RelayBound): string {
  return of === 'bytes'
    ? `the relay carries at most ${most} bytes on one connection`
    : `the relay keeps one connection for at most ${most} s`
}
